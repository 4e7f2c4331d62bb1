package storetest

import (
	"context"
	"hash/fnv"
	"maps"
	"slices"

	"portway/internal/porting"
)

// Count adds the event's tally to the scores, and its lesson to what is learned about the carrier, once.
func (m *Memory) Count(_ context.Context, e porting.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := slices.ContainsFunc(m.events[e.Order],
		func(have porting.Event) bool { return eventKey(have) == eventKey(e) })
	tallied := e.Tally.Mark != "" && e.Tally.Peer != ""
	if !tallied && e.Lesson.Carrier == "" || !known || m.counted[eventKey(e)] {
		return nil
	}
	m.counted[eventKey(e)] = true
	if e.Lesson.Carrier != "" {
		m.lessons = append(m.lessons, e)
	}
	if !tallied {
		return nil
	}
	of := []porting.Scored{porting.ScoreOfPeer(e.Tally.Peer)}
	if e.Tally.Carrier != "" {
		of = append(of, porting.ScoreOfCarrier(e.Tally.Carrier))
	}
	for _, scored := range of {
		m.scores[scored] = counted(m.scores[scored], e)
	}
	return nil
}

// counted returns the months with one event more.
func counted(months []porting.Month, e porting.Event) []porting.Month {
	t, name := e.Tally, porting.MonthOf(e.At)
	at := slices.IndexFunc(months, func(m porting.Month) bool { return m.Month == name && m.Peer == t.Peer })
	if at < 0 {
		at = len(months)
		months = append(months, porting.Month{Month: name, Peer: t.Peer, Marks: map[porting.Mark]int{}})
	}
	m := &months[at]
	m.Marks[t.Mark]++
	m.Lead += t.Lead
	if t.Answered {
		m.Days[min(max(t.Days, 0), porting.MaxDays)]++
	}
	if t.Mark == porting.MarkDown && e.At.After(m.DownAt) {
		m.DownAt = e.At
	}
	return months
}

// Months reads the counters from the given month on.
func (m *Memory) Months(_ context.Context, of porting.Scored, since string) ([]porting.Month, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []porting.Month
	for _, month := range m.scores[of] {
		if month.Month >= since {
			month.Marks = maps.Clone(month.Marks)
			all = append(all, month)
		}
	}
	return all, nil
}

// Learned adds up the lessons about a carrier from the given quarter on.
func (m *Memory) Learned(_ context.Context, carriers []string, since string) (porting.Learned, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	sum := porting.Learned{Refused: map[porting.ReasonCode]int{}}
	for _, e := range m.lessons {
		l := e.Lesson
		if !slices.Contains(carriers, l.Carrier) || porting.QuarterOf(e.At) < since {
			continue
		}
		if l.Answered {
			sum.Orders++
		}
		h := fnv.New32a()
		h.Write([]byte(e.Account))
		sum.Slots[h.Sum32()%porting.AccountSlots] = true
		for _, one := range []struct {
			took porting.Took
			in   *[porting.MaxTook + 1]int
		}{{l.CSR, &sum.CSR}, {l.FOC, &sum.FOC}, {l.Port, &sum.Port}} {
			if one.took.Known {
				one.in[min(max(one.took.Days, 0), porting.MaxTook)]++
			}
		}
		for _, code := range l.Refused {
			sum.Refused[code]++
		}
	}
	return sum, nil
}
