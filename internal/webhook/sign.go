package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"portway/internal/porting"
	"portway/internal/secret"
)

// This file signs by the symmetric scheme of the Standard Webhooks specification (1.0.0). A secret has 24 to 64 random
// bytes, and is shown as whsec_ with their base64. A signature is the HMAC-SHA256 of id, time in seconds and body,
// joined by full stops. There is one signature for each secret, separated by spaces, so that a secret can be changed
// without a pause.
const (
	secretPrefix = "whsec_"
	secretBytes  = 32

	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
	// headerSequence is ours: the version of the order after the change. A later change has a higher one.
	headerSequence = "Webhook-Sequence"
)

// newSecret draws a secret.
func newSecret(random io.Reader) (porting.Secret, error) {
	raw := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return porting.Secret{}, fmt.Errorf("draw a webhook secret: %w", err)
	}
	return porting.NewSecret(secretPrefix + base64.StdEncoding.EncodeToString(raw)), nil
}

// errSecret holds nothing of the secret.
var errSecret = errors.New("webhook: a secret does not have the form that we give secrets")

// sign writes the signature header of a request that is sent at the time at.
func sign(secrets []porting.Secret, id string, at time.Time, body []byte) (string, error) {
	var all []string
	for _, s := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.Reveal(), secretPrefix))
		if err != nil || len(key) == 0 {
			return "", errSecret
		}
		h := hmac.New(sha256.New, key)
		h.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		h.Write(body)
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	return strings.Join(all, " "), nil
}

// scope is the scope under which an account's webhook secrets are sealed. The functions that send webhooks can open
// what is sealed under this name, and nothing else (SendWebhooks in the template).
func scope(account porting.AccountID) secret.Scope {
	return secret.Scope{Account: account, Order: "webhook-secret"}
}

// parts lists the endpoint's secrets for sealing and opening. Each is bound to the endpoint.
func (e *Endpoint) parts() []secret.Part {
	var all []secret.Part
	for i := range e.Secrets {
		all = append(all, secret.Part{Field: e.ID, Secret: &e.Secrets[i].Secret})
	}
	return all
}
