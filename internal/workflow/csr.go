package workflow

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"portway/internal/match"
	"portway/internal/peer"
	"portway/internal/porting"
)

// Peers finds the peer of an order and asks about portability; the router does.
type Peers interface {
	// For is the peer that has the order's last request.
	For(o porting.Order, kind porting.AttemptKind) (peer.Peer, error)
	// Choose picks the peer of an order of which nothing was asked yet, or its record alone.
	Choose(ctx context.Context, o porting.Order) (peer.Choice, error)
	Portability(ctx context.Context, o porting.Order, tns []string) ([]peer.Portability, error)
	// Other is a peer that was not asked last, has not refused to carry the order and says that it can bring all its numbers; nil
	// when there is none.
	Other(ctx context.Context, o porting.Order) (peer.Peer, error)
}

// down puts the step off when err says that a peer can't be reached. The order waits, ever longer, and is never rejected for it;
// the first time is a comment.
func (t *Tasks) down(ctx context.Context, o porting.Order, err error) (Output, error) {
	o, err = t.putOff(ctx, o, err)
	return t.out(o, Delayed), err
}

// putOff writes that a peer can't be reached, refuses to serve us, or has yet to end the request before. It returns any
// other error.
func (t *Tasks) putOff(ctx context.Context, o porting.Order, err error) (porting.Order, error) {
	return t.putOffLeased(ctx, o, err, time.Time{})
}

// putOffLeased is putOff for an invocation that gives up its lease on the last request, which ends at that instant.
func (t *Tasks) putOffLeased(
	ctx context.Context, o porting.Order, err error, leased time.Time,
) (porting.Order, error) {
	var down *peer.Down
	if !errors.As(err, &down) {
		return o, err
	}
	if down.Ending { // no word about the peer, which other orders may go to
		return t.Book.Do(ctx, o.ID, porting.Delay{By: system, Leased: leased,
			Why: porting.Say(porting.MsgBeforeEnds, "peer", down.Peer)})
	}
	why := porting.Say(porting.MsgPeerDown, "peer", down.Peer)
	if down.Refuses {
		why = porting.Say(porting.MsgPeerShut, "peer", down.Peer, "why", down.Why)
	}
	return t.Book.Do(ctx, o.ID, porting.Delay{By: system, Peer: down.Peer, Why: why, Leased: leased})
}

// screen checks the order before anything goes to the carrier: portability, then every pre-submission rule at once, then the
// funds by taking the fee. An order that its customer has corrected is looked up once more.
func (t *Tasks) screen(ctx context.Context, o porting.Order, _ Input) (Output, error) {
	_, asked := o.Last(porting.AskPort)
	switch {
	case o.Status == porting.Submitted && asked:
		return t.out(o, Passed), nil
	case o.Status != porting.Processing && o.Status != porting.Submitted:
		return t.out(o, porting.OutOver), nil
	}
	o, over, err := t.sift(ctx, o)
	switch {
	case porting.Is(err, porting.Stale):
		return t.out(o, Delayed), nil
	case err != nil:
		return t.down(ctx, o, err)
	case over:
		return t.out(o, porting.OutOver), nil
	case o.Status == porting.Submitted:
		return t.out(o, Passed), nil
	}
	reasons := t.Book.Rules.Screen(o, t.Book.Time())
	if len(reasons) == 0 {
		o, err = t.Book.Do(ctx, o.ID, porting.Pass{By: system})
		if err == nil {
			return t.out(o, Passed), nil
		}
		if !porting.Is(err, porting.NoFunds) {
			return Output{}, err
		}
		reasons = []porting.Reason{{Code: porting.InsufficientFunds}}
	}
	o, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: reasons})
	return t.out(o, porting.OutOver), err
}

// sift asks the peers again about the order's numbers, and does with those that can't be ported what the customer's
// consent covers ([porting.Order.Sift]). Over says that the order has ended, or has gone back.
func (t *Tasks) sift(ctx context.Context, o porting.Order) (_ porting.Order, over bool, err error) {
	found, err := t.Peers.Portability(ctx, o, o.Active())
	if err != nil {
		return o, false, err
	}
	stuck := map[porting.ReasonCode][]string{}
	final, ours := true, 0
	n := 0
	for _, p := range found {
		if !p.Portable {
			stuck[p.Reason] = append(stuck[p.Reason], p.TN)
			final = final && p.Reason.MayLeaveOut()
			n++
		}
		if p.Reason == porting.TNAlreadyOurs {
			ours++
		}
	}
	if n == 0 {
		return o, false, nil
	}
	reasons := reasonsOf(stuck)
	if o.Flags.Recovery != "" && ours == len(o.Active()) {
		return t.recovered(ctx, o)
	}
	o, reasons, over, err = t.recover(ctx, o, reasons, n)
	if over || err != nil || len(reasons) == 0 {
		return o, over, err
	}
	if n == len(o.Active()) && final && o.Status == porting.Processing {
		o, err = t.Book.Do(ctx, o.ID, porting.RuleOut{By: system, Reasons: reasons})
		return o, true, err
	}
	s := o.Sift(reasons)
	for _, r := range s.Out {
		if o, err = t.Book.Do(ctx, o.ID, porting.Exclude{By: system, TNs: r.Numbers, Reason: r.Code}); err != nil {
			return o, false, err
		}
	}
	switch {
	case s.Apart:
		o, err = t.bringBack(ctx, o, s.Back)
		return o, false, err
	case len(s.Back) > 0:
		o, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: s.Back})
		return o, true, err
	}
	return o, false, nil
}

// recover brings an order to our staff whose numbers the registry's help desk has to hand over, where the order has what
// the help desk wants to see. Numbers that are ours already wait for the others. Where the rest can go on, those numbers
// go on an order of their own first. It returns the reasons that are left; n is how many numbers all reasons name.
func (t *Tasks) recover(
	ctx context.Context, o porting.Order, reasons []porting.Reason, n int,
) (_ porting.Order, left []porting.Reason, over bool, err error) {
	var byDesk, others []porting.Reason
	waits := true
	for _, r := range reasons {
		if r.Code.ByHelpDesk() {
			byDesk = append(byDesk, r)
			continue
		}
		others = append(others, r)
		waits = waits && r.Code == porting.TNAlreadyOurs
	}
	switch {
	case len(byDesk) == 0 || !t.Book.Rules.CanRecover(o, t.Book.Time()):
		return o, reasons, false, nil
	case n == len(o.Active()) && waits:
		o, err = t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: t.Book.Rules.AskToRecover(o, byDesk)})
		return o, nil, true, err
	case n == len(o.Active()):
		return o, reasons, false, nil
	}
	o, err = t.bringBack(ctx, o, byDesk)
	return o, others, false, err
}

// recovered completes an order whose numbers the registry's help desk has handed over to us. The fee is taken first, as
// for any order that goes on.
func (t *Tasks) recovered(ctx context.Context, o porting.Order) (_ porting.Order, over bool, err error) {
	if o.Status == porting.Processing {
		o, err = t.Book.Do(ctx, o.ID, porting.Pass{By: system})
		if porting.Is(err, porting.NoFunds) {
			o, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: []porting.Reason{{Code: porting.InsufficientFunds}}})
			return o, true, err
		}
		if err != nil {
			return o, false, err
		}
	}
	o, err = t.Book.Do(ctx, o.ID, porting.Recover{By: system})
	return o, true, err
}

// bringBack gives the numbers that the reasons name back to the customer on orders of their own.
func (t *Tasks) bringBack(ctx context.Context, o porting.Order, reasons []porting.Reason) (porting.Order, error) {
	for {
		var tns []string
		for _, tn := range o.Active() {
			if slices.ContainsFunc(reasons, func(r porting.Reason) bool { return slices.Contains(r.Numbers, tn) }) {
				tns = append(tns, tn)
			}
		}
		cmd, ok := o.GoesBack(tns, reasons)
		if !ok {
			return o, nil
		}
		open, err := t.Open(ctx, o)
		if err != nil {
			return o, err
		}
		if o, err = t.Book.BringBack(ctx, open, cmd); err != nil {
			return o, err
		}
	}
}

func reasonsOf(stuck map[porting.ReasonCode][]string) []porting.Reason {
	var reasons []porting.Reason
	for code, tns := range stuck {
		reasons = append(reasons, porting.Reason{Code: code, Numbers: tns})
	}
	slices.SortFunc(reasons, func(a, b porting.Reason) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return reasons
}

// requestCSR asks for the carrier's record. What was planned before is looked up at the peer first, where that is possible; asking
// twice does no harm at the carrier all the same.
func (t *Tasks) requestCSR(ctx context.Context, o porting.Order, _ Input) (Output, error) {
	if o.CSRSettled {
		return t.out(o, Skipped), nil
	}
	skip := func(why porting.Message) (Output, error) {
		o, err := t.Book.Do(ctx, o.ID, porting.SkipCSR{By: system, Why: why})
		return t.out(o, Skipped), err
	}
	if o.Kind == porting.TollFree {
		return skip(porting.Say(porting.MsgSkippedTollFree))
	}
	if !o.Terms().CSR {
		return skip(porting.Say(porting.MsgSkippedWireless))
	}
	csr, planned := o.Last(porting.AskCSR)
	if planned && csr.Ref != "" {
		return t.out(o, Asked), nil
	}
	if !planned {
		var err error
		csr = porting.Attempt{Kind: porting.AskCSR, PON: o.NextPON(porting.AskCSR)}
		if o, csr, err = t.plan(ctx, o, csr); err != nil {
			return t.down(ctx, o, err)
		}
	}
	p, err := t.Peers.For(o, porting.AskCSR)
	if err != nil {
		return Output{}, err
	}
	open, err := t.Open(ctx, o)
	if err != nil {
		return Output{}, err
	}
	ref := ""
	if f, ok := p.(peer.RecordFinder); ok && planned {
		if ref, _, err = f.FindCSR(ctx, csr.PON, csr.Planned); err != nil {
			return t.noRecordFrom(ctx, o, csr, err)
		}
	}
	if ref == "" {
		ref, err = p.RequestCSR(ctx, open, csr.PON)
	}
	var denied *peer.Denied
	switch {
	case errors.Is(err, peer.ErrNoCSR):
		return skip(porting.Say(porting.MsgSkippedNone))
	case errors.As(err, &denied):
		return skip(porting.Say(porting.MsgSkippedDenied, "peer", p.Name()))
	case err != nil:
		return t.noRecordFrom(ctx, o, csr, err)
	}
	o, err = t.Book.Do(ctx, o.ID, porting.MarkSent{By: system, PON: csr.PON, Ref: ref})
	return t.out(o, Asked), err
}

// noRecordFrom puts the step off since the peer that was asked for the record can't be reached. Where that lasts, another one that
// brings the numbers is asked for it, and keeps the order: no peer has the order itself as yet, and a record that is asked for
// twice does no harm. Where there is no other one, this one is waited for.
func (t *Tasks) noRecordFrom(ctx context.Context, o porting.Order, csr porting.Attempt, err error) (Output, error) {
	o, err = t.putOff(ctx, o, err)
	if err != nil || o.Delays < patience {
		return t.out(o, Delayed), err
	}
	other, err := t.Peers.Other(ctx, o)
	switch {
	case errors.As(err, new(*peer.Down)) || err == nil && other == nil:
		return t.out(o, Delayed), nil
	case err != nil:
		return Output{}, err
	}
	o, err = t.Book.Do(ctx, o.ID, porting.Plan{By: system,
		Attempt: porting.Attempt{Kind: porting.AskCSR, Peer: other.Name(), PON: o.NextPON(porting.AskCSR)},
		Why:     []porting.Message{porting.Say(porting.MsgPeerReplaces, "peer", csr.Peer)}})
	return t.out(o, Delayed), err
}

// plan writes the first attempt of its kind, to the peer that is chosen for the order.
func (t *Tasks) plan(ctx context.Context, o porting.Order, a porting.Attempt) (porting.Order, porting.Attempt, error) {
	choice, err := t.Peers.Choose(ctx, o)
	if err != nil {
		return o, a, err
	}
	a.Peer = choice.Peer.Name()
	o, err = t.Book.Do(ctx, o.ID, porting.Plan{By: system, Attempt: a, Why: choice.Why, Habit: choice.Habit})
	return o, a, err
}

// readCSR looks whether the record has come.
func (t *Tasks) readCSR(ctx context.Context, o porting.Order, in Input) (Output, error) {
	csr, ok := o.Last(porting.AskCSR)
	switch {
	case o.CSRSettled || !ok:
		return t.out(o, Skipped), nil
	case csr.State == porting.AnswerReady:
		return t.out(o, Ready), nil
	case csr.Ref == "": // another peer is asked, in the place of one that can't be reached
		out, err := t.requestCSR(ctx, o, in)
		if out.Outcome == Asked {
			out.Outcome = NotYet
		}
		return out, err
	}
	p, err := t.Peers.For(o, porting.AskCSR)
	if err != nil {
		return Output{}, err
	}
	rec, state, said, err := p.ReadCSR(ctx, csr.Ref)
	if err != nil {
		return t.noRecordFrom(ctx, o, csr, err)
	}
	given := false
	if state == porting.AnswerLacking && csr.State != state {
		if given, err = t.supply(ctx, p, o, csr.Ref); err != nil {
			return t.down(ctx, o, err)
		}
	}
	take := porting.TakeRecord{By: system, PON: csr.PON, State: state, Said: said, Record: rec, Given: given}
	if csr.State == porting.AnswerLacking && csr.Supplied && state == porting.AnswerReady && o.Details.PIN.IsSet() &&
		asksFor(csr.Said, porting.PINMissing) {
		take.Proof = porting.ProofPIN // the carrier wanted the PIN, was told it, and gave the record for it
	}
	if o, err = t.Book.Do(ctx, o.ID, take); err != nil {
		return Output{}, err
	}
	waits := state == porting.AnswerWaiting || state == porting.AnswerLacking
	lacks := missing(o, said)
	why := porting.Say(porting.MsgSkippedNone)
	switch {
	case state == porting.AnswerReady:
		return t.out(o, Ready), nil
	case state == porting.AnswerLacking && len(lacks) > 0:
		o, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: lacks})
		return t.out(o, porting.OutOver), err
	case waits && csr.Reads+1 < patience:
		return t.out(o, NotYet), nil
	case waits:
		why = porting.Say(porting.MsgSkippedLate)
	}
	o, err = t.Book.Do(ctx, o.ID, porting.SkipCSR{By: system, Why: why})
	return t.out(o, Skipped), err
}

// supply tells the peer more of the order, where it takes that. What it refuses it has not got; the record is then waited for.
func (t *Tasks) supply(ctx context.Context, p peer.Peer, o porting.Order, ref string) (given bool, err error) {
	s, ok := p.(peer.Supplier)
	if !ok {
		return false, nil
	}
	open, err := t.Open(ctx, o)
	if err != nil {
		return false, err
	}
	given, err = s.SupplyCSR(ctx, ref, open)
	if errors.As(err, new(*peer.Denied)) {
		return false, nil
	}
	return given, err
}

// wanted is what a carrier may want to be told before it gives a record: the words by which it asks, whether the order has it, and
// the reason for which an order without it goes back. The words are ours: carriers ask in their own. SSN digits are not
// among them, since no request for a record has a place for them.
var wanted = []struct {
	words []string
	has   func(porting.Details) bool
	code  porting.ReasonCode
}{
	{[]string{"pin", "passcode", "password"}, func(d porting.Details) bool { return d.PIN.IsSet() }, porting.PINMissing},
	{[]string{"account"}, func(d porting.Details) bool { return d.ProviderAccount.IsSet() }, porting.AccountMissing},
}

// asksFor says that the carrier's words ask for what the reason is about.
func asksFor(said string, code porting.ReasonCode) bool {
	asked := strings.FieldsFunc(strings.ToLower(said), func(c rune) bool { return c < 'a' || c > 'z' })
	for _, w := range wanted {
		if w.code == code {
			return slices.ContainsFunc(w.words, func(word string) bool { return slices.Contains(asked, word) })
		}
	}
	return false
}

// missing is what the carrier wants and the order does not have.
func missing(o porting.Order, said string) []porting.Reason {
	var reasons []porting.Reason
	for _, w := range wanted {
		if !w.has(o.Details) && asksFor(said, w.code) {
			reasons = append(reasons, porting.Reason{Code: w.code, Said: said})
		}
	}
	return reasons
}

// compare holds the order against the carrier's record. What the customer allows us to correct is corrected; what we can
// explain goes back with a patch; a record that has nothing in common with the order is for a person.
func (t *Tasks) compare(ctx context.Context, o porting.Order, _ Input) (Output, error) {
	csr, ok := o.Last(porting.AskCSR)
	if o.CSRSettled || !ok {
		return t.out(o, porting.OutSettled), nil
	}
	open, err := t.Open(ctx, o)
	if err != nil {
		return Output{}, err
	}
	csr, _ = open.Last(porting.AskCSR)
	v := judge(t.Book.Rules, open, csr.Record, t.Book.Time())
	missed := len(v.reasons) > 0 && !v.proven
	why := v.ask
	if missed && why.IsZero() {
		if why, err = t.tooManyGuesses(ctx, o); err != nil {
			return Output{}, err
		}
	}
	switch {
	case !why.IsZero():
		o, err = t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: why})
		return t.out(o, ToDesk), err
	case len(v.reasons) > 0:
		o, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: v.reasons, Proof: v.proof, Missed: missed})
		return t.out(o, porting.OutOver), err
	case len(v.fix.Fields)+len(v.fix.Patch) > 0:
		if o, err = t.Book.Do(ctx, o.ID, v.fix); err != nil {
			return Output{}, err
		}
	}
	o, err = t.Book.Do(ctx, o.ID, porting.SettleCSR{By: system, Why: porting.Say(porting.MsgRecordAgrees), Proof: v.proof})
	return t.out(o, porting.OutSettled), err
}

// tooManyGuesses returns the question to our staff about an unproven order that differs from the record once more,
// where its account has used up its quota of differences for the number; the zero message where it has not. A live
// order's account and a sandbox do not count together.
func (t *Tasks) tooManyGuesses(ctx context.Context, o porting.Order) (porting.Message, error) {
	misses, err := t.Book.Misses(ctx, o)
	if err != nil {
		return porting.Message{}, err
	}
	quota := t.Book.Rules.Quota
	if n := quota.Within(misses, t.Book.Time()); n >= quota.Misses {
		return porting.Say(porting.MsgAskGuesses, "n", strconv.Itoa(n+1), "days", strconv.Itoa(quota.Days)), nil
	}
	return porting.Message{}, nil
}

// verdict is what comes of a comparison.
type verdict struct {
	ask     porting.Message   // what our staff is asked, where a person has to look at who asks
	proven  bool              // the customer has proven to hold the account
	proof   porting.ProofKind // the secret that matched now; empty where none did
	reasons []porting.Reason  // what the customer has to decide, all at once
	fix     porting.Correct   // what the customer's consent covers
}

// reasonFor names the rejection for each field that differs. Those that tell one account from another make a stranger when all
// of them differ; a city or a state in common says nothing.
var reasonFor = []reasonRow{
	{"provider_account", porting.AccountMismatch, true},
	{"billing_number", porting.BTNMismatch, true},
	{"billing_name", porting.NameMismatch, true},
	{"company", porting.NameMismatch, true},
	{"street", porting.AddressMismatch, true},
	{"street2", porting.AddressMismatch, false},
	{"city", porting.AddressMismatch, false},
	{"state", porting.AddressMismatch, false},
	{"zip", porting.ZipMismatch, true},
	{"numbers", porting.TNNotFound, false},
}

// reasonRow is a field of the comparison, with the reason for its difference.
type reasonRow struct {
	field string
	code  porting.ReasonCode
	tells bool // the field tells one account from another
}

// sides returns the facts of an order with its secrets open, and those of the carrier's record.
func sides(o porting.Order, rec porting.Record) (mine, theirs match.Side) {
	d := o.Details
	mine = match.Side{Name: d.BillingName, Company: d.Company, Street: d.Street, Street2: d.Street2, City: d.City, State: d.State, Zip: d.Zip,
		Country: d.Country, AccountNumber: d.ProviderAccount.Reveal(), BTN: d.BillingNumber, Numbers: o.Active()}
	theirs = match.Side{Name: rec.Name, Street: rec.Street, City: rec.City, State: rec.State, Zip: rec.Zip,
		Country: d.Country, AccountNumber: rec.AccountNumber.Reveal(), BTN: rec.BTN, Numbers: rec.Numbers}
	return mine, theirs
}

// proofOf returns the secret by which an order with its secrets open is proven, as far as its last record tells: the one
// by which it was proven before, or the account number. by is empty where it is the one of before, or none.
func proofOf(o porting.Order) (proven bool, by porting.ProofKind) {
	csr, ok := o.Record()
	switch {
	case o.Proof.Compared().Given():
		return true, porting.Unproven
	case ok && match.Proves(sides(o, csr.Record)):
		return true, porting.ProofAccount
	}
	return false, porting.Unproven
}

// known is what the carrier's record has in place of the order's details, for the repair of a refusal: the same values that the
// comparison would take, also those that differ in form alone, since the carrier has refused. Of an unproven order those
// alone are known that differ in case, punctuation and spaces.
func known(o porting.Order) porting.Help {
	csr, ok := o.Record()
	if !ok {
		return porting.Help{}
	}
	h := porting.Help{Known: map[string]string{}}
	mine, theirs := sides(o, csr.Record)
	for _, f := range match.Compare(mine, theirs) {
		form := f.Name == "provider_account" && match.SameAccount(mine, theirs)
		for name, value := range f.Patch {
			have, _ := o.Details.Get(name)
			switch o.Proof.Discloses(name).Corrected {
			case porting.Content:
				h.Known[name] = value
			case porting.MarksOnly:
				if match.MarksOnly(have, value) {
					h.Known[name] = value
				}
			}
		}
		if f.Verdict == match.Equivalent || form {
			h.Form = append(h.Form, f.Name)
		}
		if form && f.Verdict != match.Equal && o.Proof.Discloses(f.Name).Corrected == porting.FormOnly {
			h.Account = csr.Record.AccountNumber
		}
	}
	return h
}

// judge says what comes of the comparison of an order with its secrets open with the carrier's record. Nothing is corrected and no
// fix is offered that an edit or the screening would refuse, and nothing that an order of this proof does not disclose
// ([porting.Proof.Discloses]).
func judge(r porting.Rules, o porting.Order, rec porting.Record, now time.Time) verdict {
	v := verdict{fix: porting.Correct{By: system, To: o.Details, Patch: map[string]string{}}}
	mine, theirs := sides(o, rec)
	proof := o.Proof.Compared()
	if !proof.Given() && match.Proves(mine, theirs) {
		v.proof, proof = porting.ProofAccount, porting.Proof{By: porting.ProofAccount, At: now}
	}
	v.proven, v.fix.Proof = proof.Given(), v.proof
	fields := match.Compare(mine, theirs)
	all := map[string]string{}
	for _, f := range fields {
		if f.Verdict == match.Differs {
			maps.Copy(all, f.Patch)
		}
	}
	takable := r.Takable(o, all, now)
	account := r.TakableSecret(o, "provider_account", rec.AccountNumber)
	byCode := map[porting.ReasonCode]int{}
	telling, differing := 0, 0
	name, wrongAccount := false, false
	for _, f := range fields {
		i := slices.IndexFunc(reasonFor, func(r reasonRow) bool { return r.field == f.Name })
		if i < 0 || f.Verdict == match.Absent {
			continue
		}
		if f.Name == "billing_number" && o.Details.BillingNumber == "" && !v.proven {
			continue // an order need not have one, and this one learns none
		}
		if reasonFor[i].tells {
			telling++
		}
		if f.Verdict != match.Differs {
			continue
		}
		if reasonFor[i].tells {
			differing++
		}
		name = name || reasonFor[i].code == porting.NameMismatch
		wrongAccount = wrongAccount || f.Name == "provider_account" && o.Details.ProviderAccount.IsSet()
		told := proof.Discloses(f.Name)
		usable := f.Name != "provider_account" || account
		for name := range f.Patch {
			_, ok := takable[name]
			usable = usable && ok
		}
		if usable && covers(told.Corrected, o.Details.AutoCorrect, f, match.SameAccount(mine, theirs)) {
			maps.Copy(v.fix.Patch, f.Patch)
			if f.Name == "provider_account" {
				v.fix.To.ProviderAccount, v.fix.Fields = rec.AccountNumber, append(v.fix.Fields, f.Name)
			}
			continue
		}
		v.add(byCode, codeOf(o, reasonFor[i].code), f, usable, told)
	}
	o.Proof = proof
	v.reasons = append(v.reasons, o.HeldAgainst(rec)...)
	switch {
	case v.proven:
	case o.Resold() && name && wrongAccount, o.Resold() && telling >= 3 && differing == telling:
		v.ask = porting.Say(porting.MsgAskResold) // resold numbers may fail both by right
	case telling >= 3 && differing == telling:
		v.ask = porting.Say(porting.MsgAskOtherAccount)
	case name && wrongAccount:
		v.ask = porting.Say(porting.MsgAskWhoAsks)
	}
	return v
}

// codeOf returns the reason for a difference: an order without an account number lacks it.
func codeOf(o porting.Order, code porting.ReasonCode) porting.ReasonCode {
	if code == porting.AccountMismatch && !o.Details.ProviderAccount.IsSet() {
		return porting.AccountMissing
	}
	return code
}

// add adds a difference to the reason of its code, with as much of it as may be told.
func (v *verdict) add(byCode map[porting.ReasonCode]int, code porting.ReasonCode, f match.Field, usable bool, told porting.Disclosure) {
	at, ok := byCode[code]
	if !ok {
		at = len(v.reasons)
		byCode[code] = at
		how := f.Reason
		if !usable {
			how += "," + match.Unusable
		}
		v.reasons = append(v.reasons, porting.Reason{Code: code, Patch: map[string]string{},
			Note: porting.Say(porting.MsgRecordDiffers, "field", f.Name, "how", how)})
	}
	if !told.Shown {
		return
	}
	if usable {
		maps.Copy(v.reasons[at].Patch, f.Patch)
	}
	for _, ten := range f.Missing {
		v.reasons[at].Numbers = append(v.reasons[at].Numbers, "+1"+ten)
	}
}

// covers says whether the carrier's value of the field may be taken: as far as the order's proof allows, and by the
// customer's consent. form says that the account numbers differ in their form alone.
func covers(most porting.Correction, c porting.Consent, f match.Field, form bool) bool {
	if most == porting.FormOnly {
		return form && c != porting.CorrectNone && c != ""
	}
	if most != porting.Content || !c.Allows(f.Name) {
		return false
	}
	for name := range f.Patch {
		if !c.Allows(name) {
			return false
		}
	}
	return len(f.Patch) > 0
}
