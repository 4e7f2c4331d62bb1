package somos

import (
	"slices"
	"strings"
	"time"
)

// incoming is the transaction of a call of the controlling side, and the numbers in it that the caller controls.
func (s *Server) incoming(c call) (*transaction, []*number) {
	t := s.find(c.in.TxnID)
	if t == nil {
		return nil, nil
	}
	var its []*number
	for _, n := range t.numbers {
		if n.holder[:2] == c.who.respOrg[:2] {
			its = append(its, n)
		}
	}
	if len(its) == 0 {
		return nil, nil
	}
	return t, its
}

func (t *transaction) isOut() string {
	if t.checkedOut != nil {
		return "YES"
	}
	return "NO"
}

func (t *transaction) outBy() any {
	if t.checkedOut != nil {
		return t.checkedOut.user
	}
	return nil
}

func (s *Server) checkout(c call, _ string) reply {
	t, _ := s.incoming(c)
	switch {
	case t == nil:
		return refuse("PW0901", "unknown txnID")
	case t.checkedOut != nil || t.progress() == "CLOSED":
		return refuse("PW0906", "state does not allow")
	}
	t.checkedOut, t.outSince = c.who, c.now
	return ok(object{"recVersionId": s.id("rv-")})
}

func (s *Server) checkin(c call, _ string) reply {
	t, _ := s.incoming(c)
	switch {
	case t == nil:
		return refuse("PW0901", "unknown txnID")
	case t.checkedOut != c.who:
		return refuse("PW0906", "state does not allow")
	}
	t.checkedOut, t.outSince = nil, time.Time{}
	return ok(object{"recVersionId": s.id("rv-")})
}

// choosable are the codes that a controlling RespOrg may decline with.
var choosable = []string{"01", "02", "03", "04", "05", "06", "07", "08", "09", "11", "12", "15", "18"}

// process takes the controlling RespOrg's answers: 00 approves, DD approves on the due date, anything else is decline
// codes. All of them are good or none is taken.
func (s *Server) process(c call, _ string) reply {
	t, its := s.incoming(c)
	switch {
	case t == nil:
		return refuse("PW0901", "unknown txnID")
	case t.checkedOut != c.who || len(c.in.Actions) == 0:
		return refuse("PW0906", "state does not allow")
	}
	type answer struct {
		base time.Time
		life []moment
	}
	answers := map[*number]answer{}
	for _, a := range c.in.Actions {
		n := t.number(a.Number)
		if n == nil || !slices.Contains(its, n) || !slices.Contains([]string{"PENDING", "OVERDUE", "DUE_DATE_APPROVAL"},
			n.status) {
			return refuse("PW0906", "state does not allow")
		}
		life, good := answered(a.Action)
		if !good {
			return refuse("805102", "no such action")
		}
		answers[n] = answer{c.now, life}
		if a.Action == onDueDate {
			answers[n] = answer{t.handed, life}
		}
	}
	rows := []object{}
	for n, a := range answers {
		n.become(a.base, a.life...)
	}
	s.settle(c.now)
	for _, a := range c.in.Actions {
		rows = append(rows, object{"num": a.Number, "status": t.number(a.Number).status})
	}
	return ok(object{"resultList": rows})
}

// [P] onDueDate is the action that approves a number by itself on its due date; its literal is not public.
const onDueDate = "DD"

// approvedOnDueDate is the life of such a number, from the hour at which its request was handed over.
var approvedOnDueDate = []moment{
	after(0, "DUE_DATE_APPROVAL"), after(0, "PORT_PROCESSING").onDay(dueDays), after(1, "PORTED").onDay(dueDays),
}

// answered is the life of a number that its RespOrg answers with the action.
func answered(action string) ([]moment, bool) {
	switch action {
	case "00":
		return []moment{after(0, "PORT_PROCESSING"), after(1, "PORTED")}, true
	case onDueDate:
		return approvedOnDueDate, true
	}
	codes := strings.Split(action, ",")
	if slices.ContainsFunc(codes, func(code string) bool { return !slices.Contains(choosable, code) }) {
		return nil, false
	}
	return []moment{after(0, "DECLINED", codes...).noted("declined by hand")}, true
}
