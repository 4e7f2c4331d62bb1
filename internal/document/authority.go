package document

import (
	"context"
	"fmt"
	"strings"

	"portway/internal/porting"
	"portway/internal/text"
)

// fileAuthority keeps the evidence of the order's case about its authority, once, beside the documents of the order.
func (f *Files) fileAuthority(ctx context.Context, o porting.Order) error {
	if o.Authority.State == porting.NoCase || o.Authority.Pack != "" {
		return nil
	}
	pack, err := AuthorityEvidence(o)
	if err != nil {
		return err
	}
	return f.keepPack(ctx, o, pack, func(digest string, size int64) porting.Command {
		return porting.KeepCaseEvidence{By: byFile, Digest: digest, Size: size}
	})
}

// AuthorityEvidence makes the evidence that a port was authorised, as a PDF, for the carrier that asks for it: who signed
// the LOA, when and from where, in which words; the documents by their digests; by which secret the customer has proven to
// hold the account; and each request. It shows no PIN, no account number and no address. The LOA itself goes beside it.
func AuthorityEvidence(o porting.Order) ([]byte, error) {
	a, s := o.Authority, o.Signature
	p := newPaper(text.English, "Evidence on the authority for port order "+string(o.ID), a.Opened)
	p.title("Authority for a port: the evidence")
	p.row("Port order", string(o.ID))
	p.row("Current carrier", strings.TrimSpace(o.Carrier.Name+" "+o.Carrier.SPID))
	p.row("Telephone numbers", fmt.Sprintf("%d: %s", len(a.Numbers), strings.Join(a.Numbers[:min(len(a.Numbers), mostNumbers)], ", ")))

	p.heading("The letter of agency")
	p.row("Signed by", strings.TrimSpace(s.Name+", "+s.Title))
	p.row("Signed", moment(s.At))
	p.row("In the capacity", string(s.Capacity))
	p.row("From the address", s.IP)
	p.row("Version of the words", s.Words)
	for _, d := range o.Documents {
		if d.Digest != "" {
			p.row("Document "+string(d.ID)+", "+string(d.Kind), "SHA-256 "+d.Digest)
		}
	}

	p.heading("Who has proven to hold the account")
	switch {
	case o.Proof.Given():
		p.row("Proven by", strings.ReplaceAll(string(o.Proof.By), "_", " ")+", "+moment(o.Proof.At))
	default:
		p.row("Proven by", "nothing beside the letter of agency")
	}

	p.heading("Requests")
	for _, t := range o.Attempts {
		if t.Kind == porting.AskPort {
			p.row("Request for the port", fmt.Sprintf("%s, version %d, through %s (%s)", t.PON, t.Version, t.Peer, t.Ref))
			p.row("", "sent "+moment(t.Sent)+", answered "+moment(t.Answered)+", "+string(t.State))
		}
	}
	p.small("Values of the account are left out on purpose. Times are in UTC.")
	return p.bytes()
}
