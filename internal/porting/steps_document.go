package porting

import (
	"fmt"
	"slices"
	"time"
)

// What is done with an order's documents, in the order of a document's life. The events tell of a document by its number and
// kind: a file's name may hold an account number.

func addDocument(c *change, cmd AddDocument) error {
	d := cmd.Document
	faults := c.documentFaults(c.o, d, func(field string) string { return field }, c.now)
	if c.customers() >= MaxDocuments {
		faults.Add("filename", TooMany, fmt.Sprintf("The order has %d documents, and takes no more.", MaxDocuments))
	}
	if err := faults.Err(); err != nil {
		return err
	}
	c.document(d)
	c.activity()
	c.note(Say(MsgDocumentAdded, "id", string(c.o.Documents[len(c.o.Documents)-1].ID), "kind", string(d.Kind)))
	return nil
}

// pulledFaults lists everything wrong with the documents that a create call names.
func (c *change) pulledFaults(cmd Create) Faults {
	if len(cmd.Documents) > MaxCreateDocuments {
		return Faults{{Field: "business_documents", Code: TooMany, Message: fmt.Sprintf(
			"Give at most %d documents in this call. Add the others to the order afterwards.", MaxCreateDocuments)}}
	}
	var faults Faults
	for i, d := range cmd.Documents {
		at := func(field string) string {
			if field == "url" {
				return fmt.Sprintf("business_documents/%d", i)
			}
			return fmt.Sprintf("business_documents/%d/%s", i, field)
		}
		faults = append(faults, c.documentFaults(Order{Kind: cmd.Kind}, d, at, c.now)...)
	}
	return faults
}

// customers counts the documents that the customer has added.
func (c *change) customers() int {
	n := 0
	for _, d := range c.o.Documents {
		if !d.LOA {
			n++
		}
	}
	return n
}

// document puts a document on the order that is still to come: by upload, by pulling it, or from us.
func (c *change) document(d Document) {
	d.ID, d.Added, d.State = c.o.NextDocument(), c.now, DocumentPending
	effect := Effect("")
	switch {
	case d.LOA:
		d.State, effect = DocumentProcessing, FileLOA
	case d.From != "":
		effect = PullDocuments
	default:
		d.Expires = c.now.Add(UploadTime)
	}
	c.o.Documents = append(c.o.Documents, d)
	if effect != "" && !slices.Contains(c.event.Effects, effect) {
		c.event.Effects = append(c.event.Effects, effect)
	}
}

// loa is the letter of agency of a signature of that time, to be kept.
func loa(signed time.Time) Document {
	return Document{Name: "letter-of-agency.pdf", Kind: LOADocument, Dated: DateOf(signed.UTC()), LOA: true}
}

// inherit takes the accepted documents of an order of the same account at the carrier; their files stay where they are.
func (c *change) inherit(from Order) {
	for _, d := range from.Documents {
		if d.State == DocumentComplete && !d.LOA {
			d.Of, d.ID = from.Keeper(d), c.o.NextDocument()
			c.o.Documents = append(c.o.Documents, d)
		}
	}
}

// unsettled is the document of that number, if it is still to be accepted or failed.
func (c *change) unsettled(id DocumentID) (*Document, error) {
	i := c.o.document(id)
	switch {
	case i < 0:
		return nil, Errorf(NotFound, "There is no such document on the order.")
	case !c.o.Documents[i].Settled.IsZero():
		return nil, Errorf(Settled, "The document is settled already.")
	}
	return &c.o.Documents[i], nil
}

func takeDocument(c *change, cmd TakeDocument) error {
	d, err := c.unsettled(cmd.ID)
	if err != nil {
		return err
	}
	if d.State == DocumentProcessing {
		return Errorf(Settled, "The document has come already.")
	}
	d.State, d.From = DocumentProcessing, withoutQuery(d.From)
	c.note(Say(MsgDocumentCame, "id", string(d.ID), "kind", string(d.Kind)))
	return nil
}

func settleDocument(c *change, cmd SettleDocument) error {
	d, err := c.unsettled(cmd.ID)
	if err != nil {
		return err
	}
	d.Settled, d.From = c.now, withoutQuery(d.From)
	if !cmd.Why.IsZero() {
		d.State, d.Why = DocumentError, cmd.Why
		c.event.Kind = DocumentFailed
		c.say(Say(MsgDocumentRefused, "id", string(d.ID), "kind", string(d.Kind)).With(cmd.Why))
		return nil
	}
	d.State, d.Digest, d.Size, d.Pages = DocumentComplete, cmd.Digest, cmd.Size, cmd.Pages
	c.note(Say(MsgDocumentAccepted, "id", string(d.ID), "kind", string(d.Kind)))
	return nil
}

// enclose has documents go with the next request, beside those that do already.
func (c *change) enclose(ids []DocumentID) {
	for _, id := range ids {
		if !slices.Contains(c.o.Enclosed, id) {
			c.o.Enclosed = append(c.o.Enclosed, id)
		}
	}
}
