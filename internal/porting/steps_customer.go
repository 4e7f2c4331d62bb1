package porting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What the customer's moves do, in the order of the table.

func create(c *change, cmd Create) error {
	d, presets := cmd.Details.Tidy(), cmd.Presets.Tidy()
	faults := append(c.Faults(d, Details{}), PresetFaults(presets, Presets{}, cmd.Kind)...)
	faults = append(faults, c.DayFaults(d.Desired, c.now, c.Rules.Planned(cmd))...)
	faults = append(faults, c.HourFaults(d, c.now, c.Rules.Planned(cmd))...)
	faults = append(faults, numberFaults("numbers", cmd.Numbers, nil)...)
	faults = append(faults, d.stayFaults(cmd.Numbers)...)
	if len(cmd.Numbers) == 0 {
		faults.Add("numbers", Required, "Give at least one number.")
	}
	faults = append(faults, c.pulledFaults(cmd)...)
	if err := faults.Err(); err != nil {
		return err
	}
	c.o = Order{
		ID: cmd.ID, Group: cmd.Group, Account: cmd.Account, Sandbox: cmd.Sandbox, Status: Pending, Created: c.now,
		Kind: cmd.Kind, Carrier: cmd.Carrier, Home: cmd.Home, Flags: cmd.Flags, Given: Given{Details: d, Presets: presets},
		Charges: Charges{Tariff: cmd.Tariff}, QuietDays: cmd.Quiet,
	}
	if d.Alias == "" {
		c.o.Details.Alias = "Port Order " + c.now.In(c.Calendar.Location()).Format("1/2/2006")
	}
	for _, tn := range cmd.Numbers {
		c.o.Numbers = append(c.o.Numbers, Number{TN: tn})
	}
	for _, d := range cmd.Documents {
		c.document(d)
	}
	c.o.Class = c.Rules.Planned(cmd).Class
	c.ownTerms()
	c.tell(Say(MsgCreated, "n", strconv.Itoa(len(cmd.Numbers))), c.fresh(nil))
	return nil
}

// Planned is the order that the command makes, as far as the days on which its numbers can move depend on it.
func (r Rules) Planned(cmd Create) Order {
	o := Order{Account: cmd.Account, Sandbox: cmd.Sandbox, Status: Pending, Kind: cmd.Kind, Carrier: cmd.Carrier, Home: cmd.Home,
		Flags: cmd.Flags, QuietDays: cmd.Quiet,
		Given: Given{Details: cmd.Details.Tidy()}}
	for _, tn := range cmd.Numbers {
		o.Numbers = append(o.Numbers, Number{TN: tn})
	}
	f := o.facts()
	f.Wireless = cmd.Wireless
	o.Class, _ = Classify(f)
	c := change{Rules: r, o: o}
	c.ownTerms()
	return c.o
}

// MaxNumbers is how many numbers one order may hold.
const MaxNumbers = 5000

// MaxNumberChanges is how many numbers one call may add and remove: what fits into one transaction.
const MaxNumberChanges = HoldsPerTransaction

func numberFaults(path string, tns []string, have []Number) Faults {
	var faults Faults
	seen := map[string]bool{}
	for _, n := range have {
		seen[n.TN] = true
	}
	if len(tns)+len(have) > MaxNumbers {
		faults.Add(path, TooMany, fmt.Sprintf("Give at most %d numbers for one order.", MaxNumbers))
	}
	for i, tn := range tns {
		at := fmt.Sprintf("%s/%d", path, i)
		switch {
		case !tnForm(tn):
			faults.Add(at, BadFormat, oneNumber)
		case seen[tn]:
			faults.Add(at, Duplicate, "The list has this number twice, or the order has it already.")
		}
		seen[tn] = true
	}
	return faults
}

func edit(c *change, cmd Edit) error {
	was, before := c.o.Details, c.o.Precautions()
	c.quiet(cmd.Intake)
	wasResold, reclassed := c.o.Resold(), []Message(nil)
	var faults Faults
	for _, name := range cmd.Fields {
		row, ok := DetailRow(name)
		if !ok {
			faults.Add(name, Unknown, "There is no such attribute.")
			continue
		}
		row.copy(&c.o.Details, &cmd.To)
	}
	c.o.Details = c.o.Details.Tidy()
	faults = append(faults, c.Faults(c.o.Details, was)...)
	faults = append(faults, c.o.Details.stayFaults(c.o.Active())...)
	faults = append(faults, c.preset(cmd.Presets, cmd.PresetFields)...)
	if slices.Contains(cmd.Fields, "provider") && c.o.Kind == Local {
		c.o.Flags.Resold = cmd.Resold
	}
	if c.o.Details.Country != was.Country || c.o.Details.OneLine != was.OneLine || c.o.Resold() != wasResold {
		reclassed = c.classify(c.o.facts(), MsgClassByWord)
	}
	faults = append(faults, c.editedDay(was.Desired)...)
	faults = append(faults, c.editedHour(was)...)
	if err := c.signEdited(cmd, faults); err != nil {
		return err
	}
	if err := c.stays(); err != nil {
		return err
	}
	c.activity()
	c.changedSince(was, cmd.Fields)
	fields := slices.Clone(cmd.Fields)
	for _, name := range cmd.PresetFields {
		fields = append(fields, "presets/"+name)
	}
	var told []Message
	switch {
	case cmd.Signs:
		told = []Message{Say(MsgLOARenewed)}
	case c.o.Status == Rejected && c.o.takesRecordAddress():
		told = c.conform(nil)
	}
	c.tell(Say(MsgEdited, "fields", strings.Join(fields, ",")), slices.Concat(reclassed, told, c.fresh(before)))
	return nil
}

// signEdited signs the letter of agency of an edited order, where the edit brings a signature; faults are those of the
// edit. A pending order is signed by the call that submits it.
func (c *change) signEdited(cmd Edit, faults Faults) error {
	switch {
	case !cmd.Signs:
		return faults.Err()
	case c.o.Status == Pending:
		faults.Add("signature_name", NotAllowed, "Leave this out. A pending order is signed by a call of its own, loa, which submits it.")
		return faults.Err()
	}
	return c.signature(Sign{By: cmd.By, Signature: cmd.Signature}, c.blocked(cmd.Intake, faults))
}

// activity restarts the clock of a rejected order (S-SUB: 45 days without activity). A pending order lives from its creation.
func (c *change) activity() {
	if c.o.Status == Rejected && c.event.By.Role == Customer {
		c.o.ClockFrom, c.o.Reminders = c.now, 0
	}
}

func changeNumbers(c *change, cmd ChangeNumbers) error {
	var faults Faults
	if n := len(cmd.Add) + len(cmd.Remove); n == 0 {
		faults.Add("add", Required, "Name at least one number to add or to remove.")
	} else if n > MaxNumberChanges {
		faults.Add("add", TooMany, fmt.Sprintf("Give at most %d numbers in one call.", MaxNumberChanges))
	}
	numbers := c.o.Numbers
	for i, tn := range cmd.Remove {
		at := slices.IndexFunc(numbers, func(n Number) bool { return n.TN == tn })
		if at < 0 {
			faults.Add(fmt.Sprintf("remove/%d", i), Unknown, "The number is not on this order.")
			continue
		}
		numbers = slices.Delete(numbers, at, at+1)
	}
	faults = append(faults, numberFaults("add", cmd.Add, numbers)...)
	d := c.o.Details
	for i, tn := range cmd.Add {
		if slices.Contains(Listed(d.Keep+","+d.Disconnect+","+d.NewBilling), tn) {
			faults.Add(fmt.Sprintf("add/%d", i), NotAllowed,
				"The number is to stay at the carrier (partial_port). Take it out there first.")
		}
		numbers = append(numbers, Number{TN: tn})
	}
	if len(numbers) == 0 && len(faults) == 0 {
		faults.Add("remove", NotAllowed, "At least one number must stay on the order. To give up all of them, cancel the order.")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	c.o.Numbers = numbers
	c.o.AlsoAsked = slices.DeleteFunc(slices.Clone(c.o.AlsoAsked), func(tn string) bool { return slices.Contains(cmd.Remove, tn) })
	if err := c.stays(); err != nil {
		return err
	}
	c.o.Flags = c.o.Flags.with(cmd.Flags)
	c.ownTerms()
	reclassed := c.classify(c.o.facts(), MsgClassByNumbers)
	c.note(Say(MsgNumbersChanged, "added", strconv.Itoa(len(cmd.Add)), "removed", strconv.Itoa(len(cmd.Remove))).With(reclassed...))
	c.event.Comment = len(reclassed) > 0
	return nil
}

func setPresets(c *change, cmd SetPresets) error {
	if err := c.preset(cmd.To, cmd.Fields).Err(); err != nil {
		return err
	}
	c.activity()
	fields := make([]string, 0, len(cmd.Fields))
	for _, name := range cmd.Fields {
		fields = append(fields, "presets/"+name)
	}
	c.note(Say(MsgPresetsChanged, "fields", strings.Join(fields, ",")))
	return nil
}

// preset takes the named presets from to and tells everything wrong with them.
func (c *change) preset(to Presets, names []string) Faults {
	was := c.o.Presets
	to = to.Tidy()
	var faults Faults
	for _, name := range names {
		i := slices.Index(PresetFields(), name)
		if i < 0 {
			faults.Add("presets/"+name, Unknown, "There is no such preset.")
			continue
		}
		*presets[i].at(&c.o.Presets) = *presets[i].at(&to)
	}
	return append(faults, PresetFaults(c.o.Presets, was, c.o.Kind)...)
}

// quiet takes the account's quiet days, where they are known.
func (c *change) quiet(in Intake) {
	if in.FundsKnown {
		c.o.QuietDays = in.Quiet
	}
}

func sign(c *change, cmd Sign) error {
	c.quiet(cmd.Intake)
	if err := c.signature(cmd, c.unready(cmd.Intake)); err != nil {
		return err
	}
	if held := c.o.SimulatedHolds(); len(held) > 0 {
		return TakenError(held...)
	}
	c.o.AlsoAsked = nil
	c.ownTerms()
	c.note(Say(MsgSigned))
	return nil
}

// unready returns what keeps the order from being signed: values that are wrong, and what its carrier is known to refuse.
func (c *change) unready(in Intake) Faults {
	return c.blocked(in, append(c.Faults(c.o.Details, c.o.Details), c.dayFaults()...))
}

// blocked adds what the order's carrier is known to refuse to faults of the same order.
func (c *change) blocked(in Intake, faults Faults) Faults {
	for _, f := range c.Readiness(c.o, in, c.now).Blocking() {
		if !slices.ContainsFunc(faults, func(had Fault) bool { return had.Field == f.Field }) {
			faults.Add(f.Field, f.Code, f.Message)
		}
	}
	return faults
}

// signature puts a signed letter on the order; others are what is wrong beside it.
func (c *change) signature(cmd Sign, others Faults) error {
	var faults Faults
	s := cmd.Signature
	s.Name, s.Title = TidyLine(s.Name), TidyLine(s.Title)
	for _, f := range []struct{ name, value string }{{"signature_name", s.Name}, {"signature_title", s.Title}} {
		switch {
		case f.value == "":
			faults.Add(f.name, Required, "This is required to sign the letter of agency.")
		case len([]rune(f.value)) > 100:
			faults.Add(f.name, TooLong, tooLong(100))
		case LineFault(f.value) != "":
			faults.Add(f.name, BadFormat, LineFault(f.value))
		case loaFault(f.value) != "":
			faults.Add(f.name, BadFormat, loaFault(f.value))
		}
	}
	faults = append(faults, c.capacity(&s)...)
	for _, row := range detailRows { // a legal document has no question marks in it
		if why := loaFault(row.Value(c.o.Details)); row.OnLOA && why != "" {
			faults.Add(row.Name, BadFormat, why)
		}
	}
	if err := append(faults, others...).Err(); err != nil {
		return err
	}
	drafted := c.Draft(c.o)
	drafted.Name, drafted.Title, drafted.At, drafted.IP = s.Name, s.Title, c.now, s.IP
	drafted.Capacity, drafted.EndUserLOA, drafted.EndUserDated = s.Capacity, s.EndUserLOA, s.EndUserDated
	drafted.Language, drafted.By = s.Language.written(), cmd.By.Name
	c.o.Signature = drafted
	c.document(loa(c.now))
	return nil
}

func signAgain(c *change, cmd Sign) error {
	c.quiet(cmd.Intake)
	if err := c.signature(cmd, c.unready(cmd.Intake)); err != nil {
		return err
	}
	return resubmit(c, Resubmit{By: cmd.By})
}

func resubmit(c *change, _ Resubmit) error {
	if err := append(c.Faults(c.o.Details, c.o.Details), c.dayFaults()...).Err(); err != nil {
		return err
	}
	if err := c.mustBeSigned(); err != nil {
		return err
	}
	c.ownTerms()
	c.o.AlsoAsked = nil
	c.reviewed()
	c.note(Say(MsgResubmitted))
	return nil
}

// reviewed brings an order that is sent again before our review.
func (c *change) reviewed() {
	c.o.ClockFrom, c.o.Reminders = c.now, 0
	if c.o.canAsk(Say(MsgAskReview)) {
		c.o.Desk = Say(MsgAskReview)
	}
}

func cancel(c *change, _ Cancel) error {
	c.note(Say(MsgCancelled))
	return nil
}

func comment(c *change, cmd Comment) error {
	text := TidyLines(cmd.Text)
	switch {
	case text == "":
		return Faults{{Field: "text", Code: Required, Message: "Write a text."}}.Err()
	case len([]rune(text)) > 2000:
		return Faults{{Field: "text", Code: TooLong, Message: tooLong(2000)}}.Err()
	case LinesFault(text) != "":
		return Faults{{Field: "text", Code: BadFormat, Message: LinesFault(text)}}.Err()
	}
	c.activity()
	c.say(Words(text))
	return nil
}
