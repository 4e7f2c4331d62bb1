package porting

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"
)

// RequestDigest returns a digest of what a request for the port carries of the order, whose secrets are open. It tells
// whether a request that is found at a peer is the one that the order would send now. A digest of a PIN could be
// guessed by trying all PINs, so it is a secret itself, and is stored sealed.
func (o Order) RequestDigest() Secret {
	var values []string
	for _, row := range detailRows {
		switch {
		case row.Seal != "":
			values = append(values, row.Secret(&o.Details).Reveal())
		case slices.Contains(accountAddress, row.Name): // a signed change of it has another time of signing
		case (row.OnLOA || row.Name == "desired_completion_date") && !row.InRemark:
			values = append(values, row.Value(o.Details))
		case row.Name == hourField && row.Value(o.Details) != "": // likewise for one without an hour
			values = append(values, row.Name, row.Value(o.Details))
		case row.InRemark && row.Value(o.Details) != "": // so that the digest of an order without a remark stays as it was
			values = append(values, row.Name, row.Value(o.Details))
		}
	}
	content, err := json.Marshal(struct {
		Details, Numbers []string
		Remaining        Remaining
		Enclosed         []DocumentID
		Signed           time.Time
		NotBefore        Date `json:",omitempty"` // older digests know no such date
	}{values, slices.Sorted(slices.Values(o.Active())), o.Remaining, o.Enclosed, o.Signature.At.UTC(), o.NotBefore})
	if err != nil {
		panic(err) // texts and dates can be written
	}
	sum := sha256.Sum256(content)
	return NewSecret(hex.EncodeToString(sum[:]))
}
