package porting

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What the moves do, in the order of the table.

func create(c *change, cmd Create) error {
	d := cmd.Details.Tidy()
	faults := append(c.Faults(d, c.now), PresetFaults(cmd.Presets)...)
	faults = append(faults, numberFaults("numbers", cmd.Numbers, nil)...)
	if len(cmd.Numbers) == 0 {
		faults = append(faults, Fault{"numbers", Required, "At least one number."})
	}
	if err := invalid(faults); err != nil {
		return err
	}
	c.o = Order{
		ID: cmd.ID, Group: cmd.Group, Account: cmd.Account, Status: Pending, Created: c.now,
		Kind: cmd.Kind, Carrier: cmd.Carrier, Details: d, Presets: cmd.Presets,
	}
	if d.Alias == "" {
		c.o.Details.Alias = "Port Order " + c.now.In(c.Calendar.Location()).Format("1/2/2006")
	}
	for _, tn := range cmd.Numbers {
		c.o.Numbers = append(c.o.Numbers, Number{TN: tn})
	}
	c.note("The order was created with %s.", count(len(cmd.Numbers), "number"))
	return nil
}

// MaxNumbers is how many numbers one order may hold.
const MaxNumbers = 5000

// MaxNumberChanges is how many numbers one call may add and remove: what fits into one transaction.
const MaxNumberChanges = ClaimsPerTransaction

func numberFaults(path string, tns []string, have []Number) []Fault {
	var faults []Fault
	seen := map[string]bool{}
	for _, n := range have {
		seen[n.TN] = true
	}
	if len(tns)+len(have) > MaxNumbers {
		faults = append(faults, Fault{path, TooMany, fmt.Sprintf("At most %d numbers on an order.", MaxNumbers)})
	}
	for i, tn := range tns {
		at := fmt.Sprintf("%s/%d", path, i)
		switch {
		case !tnForm.MatchString(tn):
			faults = append(faults, Fault{at, BadFormat, "A telephone number in E.164, such as +12065550101."})
		case seen[tn]:
			faults = append(faults, Fault{at, Duplicate, "The number stands here twice, or is on the order already."})
		}
		seen[tn] = true
	}
	return faults
}

func edit(c *change, cmd Edit) error {
	var faults []Fault
	for _, name := range cmd.Fields {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
		if i < 0 {
			faults = append(faults, Fault{name, Unknown, "There is no such attribute."})
			continue
		}
		fields[i].copy(&c.o.Details, &cmd.To)
	}
	c.o.Details = c.o.Details.Tidy()
	faults = append(faults, c.Faults(c.o.Details, c.now)...)
	faults = append(faults, c.preset(cmd.Presets, cmd.PresetFields)...)
	if err := invalid(faults); err != nil {
		return err
	}
	c.activity()
	c.note("Changed: %s.", strings.Join(append(slices.Clone(cmd.Fields), cmd.PresetFields...), ", "))
	return nil
}

// activity restarts the clock of a rejected order (S-SUB: 45 days without activity). A pending order lives from its creation.
func (c *change) activity() {
	if c.o.Status == Rejected && c.event.By.Role == Customer {
		c.o.ClockFrom, c.o.Reminders = c.now, 0
	}
}

func changeNumbers(c *change, cmd ChangeNumbers) error {
	var faults []Fault
	if n := len(cmd.Add) + len(cmd.Remove); n == 0 {
		faults = append(faults, Fault{"add", Required, "Name at least one number to add or to remove."})
	} else if n > MaxNumberChanges {
		faults = append(faults, Fault{"add", TooMany, fmt.Sprintf("At most %d numbers in one call.", MaxNumberChanges)})
	}
	numbers := c.o.Numbers
	for i, tn := range cmd.Remove {
		at := slices.IndexFunc(numbers, func(n Number) bool { return n.TN == tn })
		if at < 0 {
			faults = append(faults, Fault{fmt.Sprintf("remove/%d", i), Unknown, "The number is not on this order."})
			continue
		}
		numbers = slices.Delete(numbers, at, at+1)
	}
	faults = append(faults, numberFaults("add", cmd.Add, numbers)...)
	for _, tn := range cmd.Add {
		numbers = append(numbers, Number{TN: tn})
	}
	if len(numbers) == 0 && len(faults) == 0 {
		faults = append(faults, Fault{"remove", NotAllowed, "At least one number has to stay; cancel the order instead."})
	}
	if err := invalid(faults); err != nil {
		return err
	}
	c.o.Numbers = numbers
	c.note("Numbers added: %d, removed: %d.", len(cmd.Add), len(cmd.Remove))
	return nil
}

func setPresets(c *change, cmd SetPresets) error {
	if err := invalid(c.preset(cmd.To, cmd.Fields)); err != nil {
		return err
	}
	c.activity()
	c.note("Presets changed: %s.", strings.Join(cmd.Fields, ", "))
	return nil
}

// preset takes the named presets from to and tells everything wrong with them.
func (c *change) preset(to Presets, names []string) []Fault {
	var faults []Fault
	for _, name := range names {
		i := slices.Index(PresetFields(), name)
		if i < 0 {
			faults = append(faults, Fault{"presets/" + name, Unknown, "There is no such preset."})
			continue
		}
		*presets[i].at(&c.o.Presets) = *presets[i].at(&to)
	}
	return append(faults, PresetFaults(c.o.Presets)...)
}

func addDocument(c *change, cmd AddDocument) error {
	c.activity()
	c.note("Document added: %s.", Quote(cmd.Name))
	return nil
}

func sign(c *change, cmd Sign) error {
	if err := c.signature(cmd); err != nil {
		return err
	}
	c.note("The letter of agency was signed; the order is being checked.")
	return nil
}

func (c *change) signature(cmd Sign) error {
	var faults []Fault
	s := cmd.Signature
	s.Name, s.Title = strings.TrimSpace(s.Name), strings.TrimSpace(s.Title)
	for _, f := range []struct{ name, value string }{{"signature_name", s.Name}, {"signature_title", s.Title}} {
		switch {
		case f.value == "":
			faults = append(faults, Fault{f.name, Required, "This is required to sign the letter of agency."})
		case len([]rune(f.value)) > 100:
			faults = append(faults, Fault{f.name, TooLong, "At most 100 characters."})
		case !printable(f.value):
			faults = append(faults, Fault{f.name, BadFormat, "Letters, digits and punctuation only."})
		}
	}
	faults = append(faults, c.Faults(c.o.Details, c.now)...)
	if err := invalid(faults); err != nil {
		return err
	}
	s.At, s.Letter = c.now, LetterOf(c.o.Details)
	c.o.Signature = s
	return nil
}

func signAgain(c *change, cmd Sign) error {
	if err := c.signature(cmd); err != nil {
		return err
	}
	return resubmit(c, Resubmit{By: cmd.By})
}

func resubmit(c *change, _ Resubmit) error {
	if err := invalid(c.Faults(c.o.Details, c.now)); err != nil {
		return err
	}
	c.o.ClockFrom, c.o.Reminders = c.now, 0
	c.o.Desk = "The customer has corrected and resubmitted the order: approve it, or reject it with reasons."
	c.note("The order was resubmitted and waits for our review.")
	return nil
}

func cancel(c *change, _ Cancel) error {
	c.note("The order was cancelled by the customer.")
	return nil
}

func ticketCancel(c *change, cmd HardCancel) error {
	c.say("The order was cancelled on request, before anything was sent to the carrier. %s", cmd.Why)
	return nil
}

// hardCancel takes the fee when the LSP has had the order (D-STA: "may be assessed").
func hardCancel(c *change, cmd HardCancel) error {
	if c.Frozen(c.o, c.now) && !cmd.Force && !strings.HasPrefix(strings.ToLower(cmd.Why), "force") {
		return &Error{Code: WrongStatus, Message: fmt.Sprintf(
			"The numbers move on %s, and the carrier takes no change in the last %d hours before: the port would happen all the same. "+
				"Wait for the date, or begin the text with \"force\" to cancel on our side.", c.o.FOC, int(c.Freeze.Hours()))}
	}
	if port, ok := c.o.Last(AskPort); ok && !port.Sent.IsZero() && c.HardCancelFee > 0 {
		c.o.CancelFee, c.event.Charge = c.HardCancelFee, c.HardCancelFee
	}
	c.say("The order was cancelled on request after it had gone to the carrier. %s", cmd.Why)
	return nil
}

func remind(c *change, _ Remind) error {
	if at := c.clock(c.o); c.o.Reminders >= len(c.Reminders) || at.After(c.now) {
		return &Error{Code: TooEarly, Message: "No reminder is due."}
	}
	end := c.End(c.o)
	for c.o.Reminders < len(c.Reminders) && !end.AddDate(0, 0, -c.Reminders[c.o.Reminders]).After(c.now) {
		c.o.Reminders++
	}
	c.event.Ends = end
	c.say("A reminder was sent: without activity the order ends on %s.", DateOf(end))
	return nil
}

func expire(c *change, _ Expire) error {
	end := c.End(c.o)
	if end.After(c.now) {
		return &Error{Code: TooEarly, Message: "The order's time is not up."}
	}
	c.event.Ends = end
	c.say("The order ended after %d days without activity.", c.LifeDays)
	return nil
}

func ruleOut(c *change, cmd RuleOut) error {
	c.o.Reasons, c.event.Reasons = cmd.Reasons, cmd.Reasons
	c.say("The numbers can't be ported to us: neither we nor a porting peer can take them. No fee was charged.")
	return nil
}

func giveBack(c *change, cmd Return) error {
	if len(cmd.Reasons) == 0 {
		return invalid([]Fault{{"reasons", Required, "Say why the order goes back."}})
	}
	c.o.Reasons, c.event.Reasons = cmd.Reasons, cmd.Reasons
	c.o.ClockFrom, c.o.Reminders = c.now, 0
	titles := make([]string, 0, len(cmd.Reasons))
	for _, r := range cmd.Reasons {
		titles = append(titles, r.Code.Info().Title)
	}
	c.say("The order was rejected: %s.", strings.Join(titles, "; "))
	return nil
}

func pass(c *change, _ Pass) error {
	c.charge()
	c.o.Delays = 0
	c.note("All checks passed; the order goes to the carrier.")
	return nil
}

// charge takes the port fee, once in an order's life.
func (c *change) charge() {
	if c.o.PortFee == 0 {
		c.o.PortFee = c.PortFee * Money(len(c.o.Active()))
		c.event.Charge = c.o.PortFee
	}
}

func exclude(c *change, cmd Exclude) error {
	left := c.leaveOut(cmd.TNs, cmd.Reason)
	if len(left) == 0 {
		return &Error{Code: Settled, Message: "The numbers are left out already."}
	}
	if len(c.o.Active()) == 0 {
		return &Error{Code: Invalid, Message: "No number would be left on the order."}
	}
	c.say("Left out: %s. %s", strings.Join(left, ", "), cmd.Reason.Info().Meaning)
	return nil
}

func (c *change) leaveOut(tns []string, why ReasonCode) []string {
	var left []string
	for i, n := range c.o.Numbers {
		if n.State == Taking && slices.Contains(tns, n.TN) {
			c.o.Numbers[i].State, c.o.Numbers[i].Reason = Excluded, why
			left = append(left, n.TN)
		}
	}
	return left
}

func plan(c *change, cmd Plan) error {
	a := cmd.Attempt
	for _, old := range c.o.Attempts {
		if old.Kind == a.Kind && old.PON == a.PON && old.Version == a.Version {
			return &Error{Code: Settled, Message: "The request is planned already."}
		}
	}
	a.Planned = c.now
	c.o.Attempts = append(c.o.Attempts, a)
	c.o.Resend = SupNew
	c.note("Request %s version %02d to %s is about to be sent.", a.PON, a.Version, a.Peer)
	return nil
}

func markSent(c *change, cmd MarkSent) error {
	for i, a := range c.o.Attempts {
		if a.PON != cmd.PON || a.Version != cmd.Version {
			continue
		}
		if !a.Sent.IsZero() {
			return &Error{Code: Settled, Message: "The request was sent already."}
		}
		a.Ref, a.Sent, a.State = cmd.Ref, c.now, AnswerWaiting
		c.o.Attempts[i] = a
		c.o.Delays = 0
		if a.Kind == AskPort {
			c.o.Resend = SupNew // what a repair wanted sent has gone, be it with a request that was planned before
		}
		if a.Kind == AskCSR {
			c.say("The carrier's record (CSR) was asked for through %s.", a.Peer)
		} else {
			c.say("The order was sent to the carrier through %s, reference %s version %02d.", a.Peer, a.PON, a.Version)
		}
		return nil
	}
	return &Error{Code: NotFound, Message: "There is no such request on the order."}
}

func takeRecord(c *change, cmd TakeRecord) error {
	i := slices.IndexFunc(c.o.Attempts, func(a Attempt) bool { return a.Kind == AskCSR && a.PON == cmd.PON })
	if i < 0 {
		return &Error{Code: NotFound, Message: "There is no such request on the order."}
	}
	a := &c.o.Attempts[i]
	a.Reads++
	a.State, a.Said = cmd.State, cmd.Said
	c.o.Delays = 0
	switch cmd.State {
	case AnswerReady:
		a.Record, a.Answered = cmd.Record, c.now
		c.say("The carrier's record (CSR) has come.")
	case AnswerNoRecord:
		a.Answered = c.now
		c.note("The carrier gives no record (CSR).")
	default:
		c.event.Kind = RecordAwaited
		c.note("The carrier's record (CSR) has not come yet, asked %d times.", a.Reads)
	}
	return nil
}

func skipCSR(c *change, cmd SkipCSR) error { return c.settleCSR("No CSR: " + cmd.Why) }

func settleCSR(c *change, cmd SettleCSR) error { return c.settleCSR(cmd.Why) }

func (c *change) settleCSR(why string) error {
	if c.o.CSRSettled {
		return &Error{Code: Settled, Message: "The CSR is settled already."}
	}
	c.o.CSRSettled, c.o.Desk = true, ""
	c.say("%s", why)
	return nil
}

func correct(c *change, cmd Correct) error {
	changed, err := c.amend(cmd.To, cmd.Fields, cmd.Patch)
	if err != nil {
		return err
	}
	c.say("Corrected from the carrier's record: %s.", strings.Join(changed, "; "))
	return nil
}

// amend takes the named fields from to and tells what changed, before and after, without secrets.
func (c *change) amend(to Details, names []string, patch map[string]string) ([]string, error) {
	for name, value := range patch {
		to.Set(name, value)
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var changed []string
	for _, name := range names {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
		if i < 0 {
			return nil, invalid([]Fault{{name, Unknown, "There is no such attribute."}})
		}
		before, plain := c.o.Details.Get(name)
		fields[i].copy(&c.o.Details, &to)
		switch after, _ := c.o.Details.Get(name); {
		case plain && before == after:
		case plain:
			changed = append(changed, fmt.Sprintf("%s %q → %q", name, before, after))
		default:
			changed = append(changed, name)
		}
	}
	c.o.Details = c.o.Details.Tidy()
	return changed, nil
}

func (c *change) answered(state AnswerState, said string) {
	for i := len(c.o.Attempts) - 1; i >= 0; i-- {
		if a := &c.o.Attempts[i]; a.Kind == AskPort {
			a.State, a.Said, a.Answered = state, said, c.now
			return
		}
	}
}

func refuse(c *change, cmd Refuse) error {
	port, ok := c.o.Last(AskPort)
	if !ok || port.PON != cmd.PON || port.State == AnswerRefused {
		return &Error{Code: Settled, Message: "The refusal is known already, or is of another request."}
	}
	reasons := cmd.Reasons
	if len(reasons) == 0 {
		reasons = []Reason{{Code: OtherReason, Raw: cmd.Said}}
	}
	c.answered(AnswerRefused, cmd.Said)
	c.o.Desk = "" // whatever our staff was asked before, this is the answer
	c.o.Reasons, c.event.Reasons = reasons, reasons
	c.say("The carrier refused: %s. We try to resolve it.", sayReasons(reasons))
	return nil
}

func sayReasons(reasons []Reason) string {
	var all []string
	for _, r := range reasons {
		s := r.Code.Info().Title
		if r.Raw != "" {
			s += " (" + strings.TrimSpace(r.Raw+" "+r.Said) + ")"
		}
		all = append(all, s)
	}
	return strings.Join(all, "; ")
}

func mend(c *change, cmd Mend) error {
	changed, err := c.amend(cmd.To, cmd.Fields, cmd.Patch)
	if err != nil {
		return err
	}
	for _, r := range cmd.Repairs {
		c.o.Repairs[r]++
	}
	for _, d := range cmd.Drop {
		if left := c.leaveOut(d.Numbers, d.Code); len(left) > 0 {
			changed = append(changed, fmt.Sprintf("left out %s (%s)", strings.Join(left, ", "), d.Code.Info().Title))
		}
	}
	if len(c.o.Active()) == 0 {
		return &Error{Code: Invalid, Message: "No number would be left on the order."}
	}
	c.o.Resend, c.o.Reasons = cmd.Sup, nil
	done := ""
	if len(changed) > 0 {
		done = ": " + strings.Join(changed, "; ")
	}
	if cmd.Peer != "" {
		port, _ := c.o.Last(AskPort)
		c.answered(AnswerDenied, "")
		c.o.Attempts = append(c.o.Attempts, Attempt{Kind: AskPort, Peer: cmd.Peer, PON: c.o.NextPON(), Planned: c.now})
		c.say("%s does not carry the order; %s says that it can bring the numbers and is asked instead (%s)%s.", port.Peer, cmd.Peer, cmd.Why, done)
		return nil
	}
	if cmd.Fresh {
		c.answered(AnswerOver, "")
		delete(c.o.Repairs, Escalate) // the next request has its own time
	} else {
		c.answered(AnswerWaiting, "")
	}
	c.say("Resolved without the customer (%s)%s. The request is sent again.", cmd.Why, done)
	return nil
}

func accept(c *change, cmd Accept) error {
	c.answered(AnswerAccepted, cmd.Said)
	c.o.FOC, c.o.FOCAt, c.o.Reasons, c.o.Desk = cmd.FOC, cmd.At, nil, ""
	c.o.Delays = 0
	c.event.FOC = cmd.FOC
	c.say("The carrier accepted the order; the numbers move on %s.", cmd.FOC)
	return nil
}

// moveFOC takes the peer's new date. Without one the old date is in jeopardy: the next legal one after it is asked for.
func moveFOC(c *change, cmd MoveFOC) error {
	foc, at := cmd.FOC, cmd.At
	if foc == "" {
		foc = c.after(c.o, c.o.FOC, c.now)
		at = c.o.FOCAt.AddDate(0, 0, int(foc.In(c.Calendar.Location()).Sub(c.o.FOC.In(c.Calendar.Location())).Hours()+12)/24)
		c.o.Resend = SupDate
	}
	c.o.Delays, c.o.Desk = 0, ""
	c.say("The date is moved from %s to %s.", c.o.FOC, foc)
	c.o.FOC, c.o.FOCAt, c.event.FOC = foc, at, foc
	return nil
}

func loseFOC(c *change, cmd LoseFOC) error {
	c.answered(AnswerRefused, cmd.Said)
	c.o.Reasons, c.event.Reasons = cmd.Reasons, cmd.Reasons
	c.say("The carrier withdrew the date %s: %s. We try to resolve it.", c.o.FOC, sayReasons(cmd.Reasons))
	c.o.FOC, c.o.FOCAt, c.o.Desk = "", time.Time{}, ""
	return nil
}

func complete(c *change, cmd Complete) error {
	left := c.leaveOut(cmd.Left, cmd.Why)
	for i, n := range c.o.Numbers {
		if n.State == Taking {
			c.o.Numbers[i].State = Ported
		}
	}
	c.answered(AnswerCompleted, cmd.Said)
	c.event.FOC = c.o.FOC
	c.say("The numbers are in service with us.")
	if len(left) > 0 {
		c.say("The numbers are in service with us, save %s. %s", strings.Join(left, ", "), cmd.Why.Info().Meaning)
	}
	return nil
}

// approve sends on what passes the checks of a first submission. An order whose carrier was never asked for its record is
// compared with it first.
func approve(c *change, _ Approve) error {
	var faults []Fault
	for _, r := range c.Screen(c.o, c.now) {
		info := r.Code.Info()
		faults = append(faults, Fault{strings.Join(info.Fields, ","), NotAllowed, info.Meaning})
	}
	if err := invalid(faults); err != nil {
		return err
	}
	c.charge()
	c.o.Reasons, c.o.Repairs, c.o.Desk = nil, nil, ""
	_, sent := c.o.Last(AskPort)
	csr, _ := c.o.Last(AskCSR)
	c.o.CSRSettled = c.o.CSRSettled || sent || !csr.Answered.IsZero()
	c.sendAgain()
	c.say("The corrections were reviewed; the order goes to the carrier.")
	return nil
}

// sendAgain has a refused request sent again: as a supplement where the peer has it, else as it was planned.
func (c *change) sendAgain() {
	port, ok := c.o.Last(AskPort)
	if !ok || port.State != AnswerRefused {
		return
	}
	c.answered(AnswerWaiting, "")
	if port.Ref != "" {
		c.o.Resend = SupOther
	}
}

func comment(c *change, cmd Comment) error {
	text := strings.TrimSpace(cmd.Text)
	switch {
	case text == "":
		return invalid([]Fault{{"text", Required, "A comment needs a text."}})
	case len([]rune(text)) > 2000:
		return invalid([]Fault{{"text", TooLong, "At most 2000 characters."}})
	case !printable(strings.NewReplacer("\n", "", "\t", "").Replace(text)):
		return invalid([]Fault{{"text", BadFormat, "Printable characters, newlines and tabs only."}})
	}
	c.activity()
	c.say("%s", text)
	return nil
}

func check(c *change, cmd Check) error {
	if cmd.Escalated {
		c.o.Repairs[Escalate]++
	}
	c.say("%s", cmd.Finding)
	return nil
}

func delay(c *change, cmd Delay) error {
	c.o.Delays++
	c.note("%s", cmd.Why)
	c.event.Comment = c.o.Delays == 1
	return nil
}

func askDesk(c *change, cmd AskDesk) error {
	if c.o.Desk != "" {
		return &Error{Code: Settled, Message: "The desk is asked already."}
	}
	c.o.Desk = cmd.Why
	c.note("Our staff was asked: %s", cmd.Why)
	return nil
}

func retry(c *change, _ Retry) error {
	if c.o.Desk == "" {
		return &Error{Code: WrongStatus, Message: "Nobody has asked the desk about this order."}
	}
	c.o.Desk, c.o.Delays = "", 0
	c.sendAgain()
	c.note("Our staff has it tried again.")
	return nil
}

func await(c *change, cmd Await) error {
	c.o.Wait = Wait{For: cmd.For, Machine: c.o.Driver.Machine, Token: cmd.Token, Seq: c.o.Version + 1}
	c.note("Waiting for: %s.", cmd.For)
	return nil
}

func resume(c *change, cmd Resume) error {
	if c.o.Wait.Seq != cmd.Seq || !c.o.Wait.Token.IsSet() {
		return &Error{Code: Settled, Message: "That wait is over already."}
	}
	c.note("No longer waiting for: %s.", c.o.Wait.For)
	c.o.Wait = Wait{}
	return nil
}

func redrive(c *change, cmd Redrive) error {
	if c.o.Driver.Run != cmd.Run {
		return &Error{Code: Settled, Message: "Another run drives the order already."}
	}
	c.o.Wait = Wait{}
	c.note("Run %d of the workflow was gone; a new one starts.", cmd.Run)
	return nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
