package dynamo

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/porting"
)

// The counters of what is learned about a losing carrier are spread over items as those of scores are: one for each quarter
// and shard. An item has at most one counter for each number of days, one for each reason, and a set of short texts, so
// that it stays below 8 KB. The lessons stay with their events, so that counters that were deleted can be made anew.
const (
	learnedPrefix  = "C#"
	fromLearned    = "LEARNED#"
	ordersCounter  = counter + "orders"
	refusedCounter = counter + "no_"
	slotsCounter   = "accounts"
)

// tookCounters begin the names of the counters of times.
var tookCounters = []struct {
	name string
	of   func(porting.Lesson) porting.Took
	in   func(*porting.Learned) *[porting.MaxTook + 1]int
}{
	{counter + "csr_", func(l porting.Lesson) porting.Took { return l.CSR },
		func(l *porting.Learned) *[porting.MaxTook + 1]int { return &l.CSR }},
	{counter + "foc_", func(l porting.Lesson) porting.Took { return l.FOC },
		func(l *porting.Learned) *[porting.MaxTook + 1]int { return &l.FOC }},
	{counter + "port_", func(l porting.Lesson) porting.Took { return l.Port },
		func(l *porting.Learned) *[porting.MaxTook + 1]int { return &l.Port }},
}

func learnedKey(carrier, quarter string, shard int) key {
	return key{learnedPrefix + carrier, fromLearned + quarter + "#" + strconv.Itoa(shard)}
}

// learn adds the event's lesson to the transaction that marks the event.
func (w *writes) learn(e porting.Event) {
	l := e.Lesson
	if l.Carrier == "" {
		return
	}
	add := map[string]int{}
	if l.Answered {
		add[ordersCounter] = 1
	}
	for _, row := range tookCounters {
		if took := row.of(l); took.Known {
			add[row.name+strconv.Itoa(min(max(took.Days, 0), porting.MaxTook))] = 1
		}
	}
	for _, code := range l.Refused {
		add[refusedCounter+string(code)] = 1
	}
	update, values := "ADD "+slotsCounter+" :slot", item{
		":slot": &types.AttributeValueMemberSS{Value: []string{strconv.Itoa(hashed(string(e.Account), porting.AccountSlots))}}}
	names := map[string]string{}
	for i, name := range sortedKeys(add) {
		n := strconv.Itoa(i)
		update += ", #n" + n + " :n" + n
		names["#n"+n], values[":n"+n] = name, number(int64(add[name]))
	}
	w.update(learnedKey(l.Carrier, porting.QuarterOf(e.At), hashed(string(e.Order), scoreShards)), update, "", values,
		means(errCounted))
	w.names(names)
}

// hashed returns a hash below n.
func hashed(text string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(text)) // never fails
	return int(h.Sum32() % uint32(n))
}

func sortedKeys(m map[string]int) []string {
	var all []string
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// Learned adds up what was learned about a carrier from the given quarter on, under each of the names (porting.LearnedOf).
func (s *Store) Learned(ctx context.Context, carriers []string, since string) (porting.Learned, error) {
	sum := porting.Learned{Refused: map[porting.ReasonCode]int{}}
	for _, carrier := range carriers {
		err := s.query(ctx, &dynamodb.QueryInput{
			KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :since AND :end"),
			ExpressionAttributeValues: item{":pk": text(learnedPrefix + carrier), ":since": text(fromLearned + since),
				":end": text(fromLearned + "~")},
		}, func(i item) error {
			for name, v := range i {
				addLearned(&sum, name, v)
			}
			return nil
		})
		if err != nil {
			return porting.Learned{}, fmt.Errorf("read what was learned about %s: %w", carrier, err)
		}
	}
	return sum, nil
}

// addLearned adds one attribute of an item to the sum. What is no counter of this release is left out.
func addLearned(sum *porting.Learned, name string, v types.AttributeValue) {
	if set, ok := v.(*types.AttributeValueMemberSS); ok && name == slotsCounter {
		for _, one := range set.Value {
			if n, err := strconv.Atoi(one); err == nil && n >= 0 && n < len(sum.Slots) {
				sum.Slots[n] = true
			}
		}
		return
	}
	counted, ok := v.(*types.AttributeValueMemberN)
	if !ok {
		return
	}
	n, err := strconv.Atoi(counted.Value)
	if err != nil || n < 0 {
		return
	}
	if name == ordersCounter {
		sum.Orders += n
	}
	if code, ok := strings.CutPrefix(name, refusedCounter); ok {
		sum.Refused[porting.ReasonCode(code)] += n
	}
	for _, row := range tookCounters {
		if text, ok := strings.CutPrefix(name, row.name); ok {
			if days, err := strconv.Atoi(text); err == nil && days >= 0 && days <= porting.MaxTook {
				row.in(sum)[days] += n
			}
		}
	}
}
