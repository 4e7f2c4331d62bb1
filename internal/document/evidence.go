package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"portway/internal/bucket"
	"portway/internal/porting"
	"portway/internal/text"
)

// mostEvents is how many events of an order the evidence is looked for in. A refusal that is contested for long has
// hundreds of status checks.
const mostEvents = 2000

// mostNumbers is how many of the order's numbers the evidence names.
const mostNumbers = 15

// FileEvidence handles the effect of the same name: it keeps the pack of evidence of the order's objection, once, beside
// the documents of the order, or that of the case that the event has opened. Our staff open it there; customers have no way
// to it.
func (f *Files) FileEvidence(ctx context.Context, e porting.Event, o porting.Order) error {
	if e.Kind == porting.CaseOpened {
		return f.fileAuthority(ctx, o)
	}
	if o.Objection.State == porting.NoObjection || o.Objection.Pack != "" {
		return nil
	}
	var events []porting.Event
	for after := int64(0); ; {
		some, more, err := f.Book.Store.History(ctx, o.ID, after, 200)
		if err != nil {
			return err
		}
		events = append(events, some...)
		if !more || len(some) == 0 || len(events) >= mostEvents {
			break
		}
		after = some[len(some)-1].Version
	}
	pack, err := Evidence(f.Book.Rules, o, events)
	if err != nil {
		return err
	}
	return f.keepPack(ctx, o, pack, func(digest string, size int64) porting.Command {
		return porting.KeepEvidence{By: byFile, Digest: digest, Size: size}
	})
}

// keepPack keeps a pack of evidence beside the documents of the order, then writes down where it lies. Both may be
// repeated.
func (f *Files) keepPack(ctx context.Context, o porting.Order, pack []byte,
	kept func(digest string, size int64) porting.Command) error {
	sum := sha256.Sum256(pack)
	digest := hex.EncodeToString(sum[:])
	if err := f.Bucket.Put(ctx, bucket.Kept(o.Account, o.ID, digest), bytes.NewReader(pack), int64(len(pack))); err != nil {
		return err
	}
	_, err := f.Book.Do(ctx, o.ID, kept(digest, int64(len(pack))))
	if porting.Is(err, porting.Settled) { // the effect was carried out twice
		return nil
	}
	return err
}

// Evidence makes the pack of evidence for a complaint about a carrier's refusal, as a PDF: the port and its class, the
// grounds and the rules, each request and refusal, when the record came and with which details it agrees, the LOA and
// papers by their digests, and the steps of the objection. It shows no PIN, no account number, no name and no address. The
// same order and events make the same bytes.
func Evidence(r porting.Rules, o porting.Order, events []porting.Event) ([]byte, error) {
	b := o.Objection
	p := newPaper(text.English, "Evidence on the refusal of port order "+string(o.ID), b.Asked)
	p.title("Refusal of a port: the evidence")

	p.row("Port order", string(o.ID))
	p.row("Current carrier", strings.TrimSpace(o.Carrier.Name+" "+o.Carrier.SPID))
	tns := o.Active()
	p.row("Telephone numbers", fmt.Sprintf("%d: %s", len(tns), strings.Join(tns[:min(len(tns), mostNumbers)], ", ")))
	terms := porting.TermsOf(b.Class)
	p.row("Class of the port", strings.ReplaceAll(string(b.Class), "_", " "))
	p.row("Terms of the class", terms.Source)
	if csr, ok := o.Record(); ok && b.Class == porting.SimpleWireline {
		p.row("Why it is simple", "The carrier's record of "+moment(csr.Answered)+" shows one number on the account.")
	}

	p.heading("The grounds, and the rules against them")
	for i, code := range b.Reasons {
		v := porting.JudgeGround(b.Class, true, code)
		p.para(strconv.Itoa(i+1)+".", code.Info().Title+": "+v.Rule+" ("+v.Source+").")
	}

	p.heading("Requests")
	for _, a := range o.Attempts {
		what := map[porting.AttemptKind]string{porting.AskCSR: "Request for the record", porting.AskPort: "Request for the port"}[a.Kind]
		p.row(what, fmt.Sprintf("%s, version %d, through %s (%s)", a.PON, a.Version, a.Peer, a.Ref))
		p.row("", "sent "+moment(a.Sent)+", answered "+moment(a.Answered)+", "+string(a.State))
	}

	p.heading("Refusals")
	for _, e := range events {
		if e.Kind != porting.Refused && e.Kind != porting.FOCLost {
			continue
		}
		for _, reason := range e.Reasons {
			p.row(moment(e.At), strings.TrimSpace(porting.PeerCode(reason.Raw)+" "+reason.Code.Info().Title))
			p.row("", porting.Quote(reason.Said))
		}
	}

	p.heading("The carrier's record against the order")
	if csr, ok := o.Record(); ok {
		p.row("The record came", moment(csr.Answered))
		for _, row := range recordRows {
			says := "differs, or is not on the record"
			if o.Contradicts(porting.Reason{Code: row.code}) {
				says = "the same on the record and on the order"
			}
			p.row(row.name, says)
		}
	} else {
		p.row("Record", "The carrier gave none.")
	}

	p.heading("Authority")
	p.row("LOA signed", moment(o.Signature.At))
	for _, d := range o.Documents {
		if d.Digest != "" {
			p.row("Document "+string(d.ID)+", "+string(d.Kind), "SHA-256 "+d.Digest)
		}
	}

	p.heading("Our objection")
	p.row("Made", moment(b.Opened))
	for _, e := range events {
		if e.Kind == porting.Escalated || e.Kind == porting.ObjectionTold {
			p.row(moment(e.At), porting.Step(e.Message.Args["step"]).Who())
		}
	}
	p.para("", r.ObjectionText(o))
	p.small("Values of the account are left out on purpose. Times are in UTC.")
	return p.bytes()
}

// recordRows are the details that a record is held against.
var recordRows = []struct {
	name string
	code porting.ReasonCode
}{
	{"Name", porting.NameMismatch}, {"Service address", porting.AddressMismatch}, {"ZIP code", porting.ZipMismatch},
	{"Billing number", porting.BTNMismatch},
}

// moment writes an instant; a zero one as never.
func moment(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return at.UTC().Format("Jan 2, 2006, 15:04 UTC")
}
