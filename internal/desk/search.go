package desk

import (
	"fmt"
	"slices"
	"strings"

	"portway/internal/nanp"
	"portway/internal/orders"
	"portway/internal/porting"
)

// foundMost is how many orders a search shows.
const foundMost = 50

// searchBox asks for what is searched for.
func (s *screen) searchBox() markup {
	return el("div", class("row"), at("role", "search"),
		textField("q", "Find by order, telephone number, PON, peer's id, name, mail address or account", s.call.Context.form("q"), ""),
		el("div", s.see("Find", Call{View: "search"}), s.see("Work list", Call{View: "list", Tab: s.call.Tab}),
			s.see("Boards", Call{View: "board"}), s.see("Accounts", Call{View: "accounts"})))
}

// search shows the order that was found, the list of them where there are several, or an account.
func (s *screen) search() markup {
	q := strings.TrimSpace(s.call.Context.form("q"))
	if porting.SearchWord(q) == "" {
		s.fail("Type an order's id, a telephone number, a PON, a peer's id, a name, a mail address or an account, and press Find.")
		return s.list()
	}
	ids, err := s.find(q)
	if err != nil {
		return s.trouble(err)
	}
	if len(ids) == 0 && !strings.ContainsAny(q, " @") {
		if _, _, err := s.Accounts.Store.Keys(s.ctx, porting.AccountID(q)); err == nil {
			return s.account(porting.AccountID(q))
		} else if !porting.Is(err, porting.NotFound) {
			return s.trouble(err)
		}
	}
	switch len(ids) {
	case 0:
		s.fail("No order is found by “%s”. Names, addresses and ids are found as a whole, not by a part of them. A new order is "+
			"found a few seconds after it was made.", q)
		return s.list()
	case 1:
		return s.order(ids[0])
	}
	heads, err := s.Lists.Heads(s.ctx, ids)
	if err != nil {
		return s.trouble(err)
	}
	return s.foundOrders(q, heads)
}

// find returns the orders of what was typed, the latest first: one read for an id, a PON or a word, and two for a telephone
// number, which unsigned orders have as a word.
func (s *screen) find(q string) ([]porting.OrderID, error) {
	if id := porting.PON(strings.ToLower(q)).Order(); id != "" {
		return []porting.OrderID{id}, nil
	}
	var ids []porting.OrderID
	word := porting.SearchWord(q)
	if n, err := nanp.Parse(q); err == nil {
		had, err := s.Lists.Had(s.ctx, n.E164())
		if err != nil {
			return nil, err
		}
		ids, word = had, porting.SearchWord(n.E164())
	} else if _, err := s.Book.Store.Load(s.ctx, porting.OrderID(q)); err == nil {
		return []porting.OrderID{porting.OrderID(q)}, nil
	} else if !porting.Is(err, porting.NotFound) {
		return nil, err
	}
	found, err := s.Find.Found(s.ctx, word, foundMost)
	if err != nil {
		return nil, err
	}
	for _, id := range found {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids[:min(len(ids), foundMost)], nil
}

// foundOrders lists the orders that a search has found.
func (s *screen) foundOrders(q string, heads []orders.Head) markup {
	var rows [][]markup
	for _, h := range heads {
		numbers := "–"
		if len(h.Numbers) > 0 {
			numbers = shown(h.Numbers[0].TN)
			if h.Count > 1 {
				numbers += fmt.Sprintf(" and %d more", h.Count-1)
			}
		}
		rows = append(rows, []markup{s.see(string(h.ID), Call{View: "order", Order: h.ID}), plain(strings.ReplaceAll(string(h.Status), "_", " ")),
			plain(string(h.Account)), plain(h.Carrier.Name), plain(numbers), s.when(h.Created)})
	}
	return section("Found", table(fmt.Sprintf("%d orders found by “%s”, the latest first", len(heads), q),
		[]string{"Order", "Status", "Customer", "Carrier", "Numbers", "Made"}, rows))
}
