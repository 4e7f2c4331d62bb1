package dynamo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
)

// eventItem is an event. It falls due as long as effects still have to follow from it.
type eventItem struct {
	key
	due
	Place     string       `dynamodbav:"feed_at,omitempty"`
	Group     string       `dynamodbav:"group,omitempty"`
	Account   string       `dynamodbav:"account,omitempty"`
	Version   int64        `dynamodbav:"version"`
	N         int          `dynamodbav:"n"`
	Kind      string       `dynamodbav:"kind"`
	Happened  stamp        `dynamodbav:"happened"`
	Role      string       `dynamodbav:"role"`
	Way       string       `dynamodbav:"way,omitempty"`
	Name      string       `dynamodbav:"name,omitempty"`
	Before    string       `dynamodbav:"before,omitempty"`
	Status    string       `dynamodbav:"status"`
	Text      *messageItem `dynamodbav:"text,omitempty"`
	Comment   bool         `dynamodbav:"comment,omitempty"`
	Reasons   []reasonItem `dynamodbav:"reasons,omitempty"`
	FOC       string       `dynamodbav:"foc,omitempty"`
	Charge    int64        `dynamodbav:"charge_cents,omitempty"`
	ChargeFor string       `dynamodbav:"charge_for,omitempty"`
	Credit    int64        `dynamodbav:"credit_cents,omitempty"`
	CreditOf  string       `dynamodbav:"credit_of,omitempty"`
	Refund    int64        `dynamodbav:"refund_cents,omitempty"`
	RefundFor string       `dynamodbav:"refund_for,omitempty"`
	Ends      stamp        `dynamodbav:"ends,omitempty"`
	Paper     string       `dynamodbav:"paper,omitempty"`
	StatusURL string       `dynamodbav:"status_url,omitempty"`
	Todo      []string     `dynamodbav:"todo,stringset,omitempty"` // the effects that still have to follow
	// Tally stands by the names of its fields. Counted says that the scores have it, and what is learned has Lesson.
	Tally   *porting.Tally `dynamodbav:"tally,omitempty"`
	Lesson  *lessonItem    `dynamodbav:"lesson,omitempty"`
	Counted bool           `dynamodbav:"counted,omitempty"`
}

// lessonItem is what an event shows of the losing carrier. A time that is missing is unknown.
type lessonItem struct {
	Carrier  string   `dynamodbav:"carrier"`
	Answered bool     `dynamodbav:"answered,omitempty"`
	CSR      *int     `dynamodbav:"csr_days,omitempty"`
	FOC      *int     `dynamodbav:"foc_days,omitempty"`
	Port     *int     `dynamodbav:"port_days,omitempty"`
	Refused  []string `dynamodbav:"refused,omitempty"`
}

func lessonOf(l porting.Lesson) *lessonItem {
	if l.Carrier == "" {
		return nil
	}
	days := func(t porting.Took) *int {
		if !t.Known {
			return nil
		}
		return &t.Days
	}
	return &lessonItem{l.Carrier, l.Answered, days(l.CSR), days(l.FOC), days(l.Port), wordsOf(l.Refused)}
}

func (i *lessonItem) lesson() porting.Lesson {
	if i == nil {
		return porting.Lesson{}
	}
	took := func(days *int) porting.Took {
		if days == nil {
			return porting.Took{}
		}
		return porting.Took{Known: true, Days: *days}
	}
	return porting.Lesson{Carrier: i.Carrier, Answered: i.Answered, CSR: took(i.CSR), FOC: took(i.FOC), Port: took(i.Port),
		Refused: codesOf(i.Refused)}
}

func wordsOf(codes []porting.ReasonCode) []string {
	var words []string
	for _, c := range codes {
		words = append(words, string(c))
	}
	return words
}

func codesOf(words []string) []porting.ReasonCode {
	var codes []porting.ReasonCode
	for _, w := range words {
		codes = append(codes, porting.ReasonCode(w))
	}
	return codes
}

func eventOf(e porting.Event, redeliver time.Time) eventItem {
	i := eventItem{
		key: eventKey(e.Order, e.Version, e.N), Place: string(orders.PlaceOf(e, redeliver)), Group: string(e.Group),
		Account: string(e.Account), Version: e.Version, N: e.N, Kind: string(e.Kind), Happened: stampOf(e.At),
		Role: string(e.By.Role), Way: string(e.By.Way), Name: e.By.Name, Before: string(e.Before),
		Status: string(e.Status), Text: messageOf(e.Message),
		Comment: e.Comment, Reasons: reasonsOf(e.Reasons), FOC: string(e.FOC), Charge: int64(e.Charge),
		Credit: int64(e.Credit), CreditOf: string(e.CreditOf),
		ChargeFor: string(e.ChargeFor), Refund: int64(e.Refund), RefundFor: string(e.RefundFor),
		Ends: stampOf(e.Ends), Paper: e.Paper, StatusURL: e.StatusURL,
	}
	for _, effect := range e.Effects {
		i.Todo = append(i.Todo, string(effect))
	}
	if e.Tally != (porting.Tally{}) {
		i.Tally = &e.Tally
	}
	i.Lesson = lessonOf(e.Lesson)
	if len(i.Todo) > 0 {
		i.due = dueAt(orders.DueEvent, i.key, redeliver)
	}
	return i
}

func (i eventItem) event() porting.Event {
	e := porting.Event{
		Order: i.key.order(), Group: porting.GroupID(i.Group), Account: porting.AccountID(i.Account),
		Version: i.Version, N: i.N, Kind: porting.EventKind(i.Kind), At: i.Happened.time(),
		By:     porting.By{Role: porting.Role(i.Role), Way: porting.Way(i.Way), Name: i.Name},
		Before: porting.Status(i.Before),
		Status: porting.Status(i.Status), Message: i.Text.message(), Comment: i.Comment, Reasons: reasonsFrom(i.Reasons),
		FOC: porting.Date(i.FOC), Charge: porting.Money(i.Charge),
		Credit: porting.Money(i.Credit), CreditOf: porting.OrderID(i.CreditOf),
		ChargeFor: porting.WishKind(i.ChargeFor), Refund: porting.Money(i.Refund), RefundFor: porting.RefundFor(i.RefundFor), Ends: i.Ends.time(), Paper: i.Paper,
		StatusURL: i.StatusURL,
	}
	if i.Tally != nil {
		e.Tally = *i.Tally
	}
	e.Lesson = i.Lesson.lesson()
	for _, effect := range i.Todo {
		e.Effects = append(e.Effects, porting.Effect(effect))
	}
	porting.SortEffects(e.Effects) // a set in the table has no order
	return e
}

// Event reads one event and the effects that still have to follow from it.
func (s *Store) Event(ctx context.Context, d orders.Due) (porting.Event, error) {
	var e eventItem
	ok, err := s.get(ctx, d.Key, &e)
	if err != nil {
		return porting.Event{}, err
	}
	if !ok {
		return porting.Event{}, porting.Errorf(porting.NotFound, "There is no such event.")
	}
	return e.event(), nil
}

// events writes the events of a change.
func (w *writes) events(events []porting.Event, redeliver time.Time) {
	for _, e := range events {
		// Where the order has changed in between, its event is there already and the version of the head is another
		// one.
		w.put(eventOf(e, redeliver), isNew, nil, means(errStale))
	}
}

// DueOf reads the due event of a stream record from the record's keys and its due_at. ok is false for any other item.
func DueOf(pk, sk, dueAt string) (d orders.Due, ok bool) {
	k := key{pk, sk}
	if k.order() == "" || dueAt == "" || !strings.HasPrefix(sk, fromEvents) {
		return orders.Due{}, false
	}
	return orders.Due{Kind: orders.DueEvent, Key: k.String(), Order: k.order(), At: stamp(dueAt).time()}, true
}

// Delivered takes effects off an event's list. The due date is removed with the last of them. Most events have all
// their effects carried out at once, which takes one write.
func (s *Store) Delivered(ctx context.Context, d orders.Due, effects []porting.Effect) error {
	if len(effects) == 0 {
		return nil
	}
	k, ok := parseKey(d.Key)
	if !ok {
		return fmt.Errorf("%q is no key of this table", d.Key)
	}
	done := &types.AttributeValueMemberSS{}
	for _, e := range effects {
		done.Value = append(done.Value, string(e))
	}
	const clear = "REMOVE todo, due_shard, due_at, tries, why, parked_at"
	if ok, err := s.updateIf(ctx, k, clear, "todo = :done", item{":done": done}); ok || err != nil {
		return err
	}
	ok, err := s.updateIf(ctx, k, "DELETE todo :done", "attribute_exists(todo)", item{":done": done})
	if !ok || err != nil {
		return err
	}
	_, err = s.updateIf(ctx, k, clear, "attribute_exists(pk) AND attribute_not_exists(todo)", nil)
	return err
}
