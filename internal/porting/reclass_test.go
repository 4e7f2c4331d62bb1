package porting

import (
	"slices"
	"testing"
)

// A class that changes on the way is told with its reason and the new earliest date; one that stays is not.
func TestAChangeOfClassIsTold(t *testing.T) {
	record := func(numbers ...string) Command {
		return TakeRecord{By: system, PON: "C1", State: AnswerReady, Record: Record{Numbers: numbers}, Proof: ProofAccount}
	}
	one := tns(1)[0]
	say := func(yes bool) Command {
		return Edit{By: customer, Fields: []string{"one_line"}, To: Details{OneLine: yes}}
	}
	resold := Edit{By: customer, Fields: []string{"provider"}, To: Details{Provider: "Grasshopper"}, Resold: true}
	asked := []Command{signed, Pass{By: system}, csrAsked}
	for _, test := range []struct {
		name    string
		numbers int
		before  []Command
		cmd     Command
		class   Class
		basis   Basis
		told    MessageKey
	}{
		{"the customer says one line", 1, nil, say(true), SimpleWireline, Asked, MsgClassByWord},
		{"and takes it back", 1, []Command{say(true)}, say(false), Wireline, Promised, MsgClassByWord},
		{"of two numbers it says nothing", 2, nil, say(true), Wireline, Promised, ""},
		{"the record agrees", 1, append([]Command{say(true)}, asked...), record(one), SimpleWireline, Promised, ""},
		{"the record shows one line", 1, asked, record(one), SimpleWireline, Promised, MsgIsSimple},
		{"the record shows more lines", 1, append([]Command{say(true)}, asked...), record(one, "+12065550177"), Wireline, Promised, MsgClassByRecord},
		{"a reseller is named", 1, nil, resold, Resold, Promised, MsgClassByWord},
		{"a number more", 1, []Command{say(true)}, ChangeNumbers{By: customer, Add: []string{"+13035550100"}}, Wireline, Promised, MsgClassByNumbers},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, test.numbers)
			l.do(test.before...).do(test.cmd)
			if l.o.Class != test.class || l.o.Basis() != test.basis {
				t.Errorf("%s %s, want %s %s", l.o.Class, l.o.Basis(), test.class, test.basis)
			}
			e := l.last()
			told := slices.IndexFunc(e.Message.List, func(m Message) bool { return m.Key == test.told && m.Args["earliest"] != "" }) >= 0
			if told != (test.told != "") || told && !e.Comment {
				t.Errorf("%v, comment %t, want %s", e.Message, e.Comment, test.told)
			}
		})
	}
}

// A project that is parted is told of on both orders, whoever parts it: neither is a project any more.
func TestPartsOfAProjectAreTold(t *testing.T) {
	told := func(e Event, key MessageKey) bool {
		return e.Comment && slices.ContainsFunc(e.Message.List, func(m Message) bool { return m.Key == key && m.Args["earliest"] != "" })
	}
	l := begin(t, ProjectSize)
	if l.o.Class != ProjectPort {
		t.Fatalf("%d numbers are %s", ProjectSize, l.o.Class)
	}
	l.do(signed, Pass{By: system})
	s := Sibling{ID: "3", Numbers: tns(ProjectSize)[:2], Carrier: l.o.Carrier, Why: MultipleAccounts}
	sibling, events, err := l.r.Apply(Order{}, SplitOff{By: system, From: l.o, Sibling: s}, l.at)
	if err != nil || sibling.Class != Wireline || !told(events[0], MsgClassByNumbers) {
		t.Errorf("the sibling is %s, %+v, %v", sibling.Class, events, err)
	}
	back, events, err := l.r.Apply(l.o, BringBack{By: system, Sibling: s}, l.at)
	if err != nil || back.Class != Wireline || !told(events[0], MsgClassByNumbers) {
		t.Errorf("the order is %s, %+v, %v", back.Class, events, err)
	}
	l.do(Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "locals", PON: "P1"}}, MarkSent{By: system, PON: "P1", Ref: "r"},
		Refuse{By: peer, PON: "P1", Reasons: []Reason{{Code: MultipleAccounts}}})
	repaired, events, err := l.r.Apply(l.o, Repair{By: system, Repairs: []RepairKind{SplitThemOff}, Sup: SupOther, To: l.o.Details,
		SplitOff: []Sibling{s}}, l.at)
	if err != nil || repaired.Class != Wireline || !told(events[0], MsgDidReclass) {
		t.Errorf("the repaired order is %s, %+v, %v", repaired.Class, events, err)
	}
}
