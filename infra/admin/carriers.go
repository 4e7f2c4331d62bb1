package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"portway/internal/carrier"
	"portway/internal/porting"
)

// carrierCommands are the commands about losing carriers.
var carrierCommands = []command{
	{
		name:    "carriers list",
		summary: "list the losing carriers",
		about: `Each line has a carrier's id, kind and name, its SPIDs, and how many values are known of it. "operator" stands
behind a carrier about which you have set something.`,
		example: `go run ./infra/admin carriers list -table portway-Table`,
		needs:   []string{"table"},
		flags:   listCarriers,
	},
	{
		name:    "carriers show",
		summary: "show what is known of a losing carrier, and what orders have shown of it",
		about: `Each value has a mark: operator is yours, published is the carrier's own, reported is others' word about the
carrier, and any other is a guess. The figures are of the last four quarters, whether customers are shown them or not.`,
		example: `go run ./infra/admin carriers show -table portway-Table -carrier cox`,
		needs:   []string{"table", "carrier"},
		flags:   showCarrier,
	},
	{
		name:    "carriers set",
		summary: "set what a losing carrier wants",
		about: `A value counts within a minute for new orders, and for orders that their customers change, sign or resubmit from
then on. Orders on their way keep the terms by which their dates were told. The value "unknown" takes a value of
the built-in table away. These are the fields:

` + fieldList(),
		example: `go run ./infra/admin carriers set -table portway-Table -carrier cox -set complex.days=5 \
  -set csr.given=no -by AB -why "Their port desk told us on the phone."`,
		needs: []string{"table", "carrier", "by", "why"},
		flags: setCarrier,
	},
	{
		name:    "carriers unset",
		summary: "take back what was set about a losing carrier",
		about:   `The value of the built-in table counts again, and where it has none, the value is unknown.`,
		example: `go run ./infra/admin carriers unset -table portway-Table -carrier cox -field complex.days -by AB \
  -why "They are back to four days."`,
		needs: []string{"table", "carrier", "by", "why"},
		flags: unsetCarrier,
	},
	{
		name:    "carriers add",
		summary: "add a losing carrier that is not in the built-in table",
		about: `Give at least its name and its kind: wireless, wireline, cable, voip, reseller, ca-wireline or ca-wireless. The
carrier is found by its SPIDs, and else by its name and aliases.`,
		example: `go run ./infra/admin carriers add -table portway-Table -carrier example-tel -set "name=Example Tel" \
  -set kind=wireline -set "spids=9X01; 9X02" -set "aliases=Extel" -by AB -why "New on our network."`,
		needs: []string{"table", "carrier", "by", "why"},
		flags: addCarrier,
	},
	{
		name:    "carriers remove",
		summary: "remove all that was set about a losing carrier",
		about: `A carrier that was added is gone, and one of the built-in table is as the table has it. What orders have shown of
the carrier stays.`,
		example: `go run ./infra/admin carriers remove -table portway-Table -carrier example-tel -by AB -why "Merged into Cox."`,
		needs:   []string{"table", "carrier", "by", "why"},
		flags:   removeCarrier,
	},
	{
		name:    "carriers history",
		summary: "tell who has set what about losing carriers, and why",
		about:   `Each change has its time, who made it, why, and each field with its value before and after.`,
		example: `go run ./infra/admin carriers history -table portway-Table
go run ./infra/admin carriers history -table portway-Table -carrier cox`,
		needs: []string{"table"},
		flags: carrierHistory,
	},
}

// fieldList names the fields with the form of their values, for the help.
func fieldList() string {
	byForm := map[carrier.Form][]string{}
	for _, f := range carrier.Fields {
		byForm[f.Form] = append(byForm[f.Form], f.Name)
	}
	var b strings.Builder
	b.WriteString("  name, kind, host; aliases and spids (lists with a semicolon and a space between two)\n")
	for _, form := range []carrier.Form{carrier.Number, carrier.YesNo, carrier.Zone, carrier.Words} {
		line := "  " + string(form) + ":"
		for _, name := range byForm[form] {
			if len(line)+len(name) > 110 {
				b.WriteString(line + "\n")
				line = "   "
			}
			line += " " + name
		}
		b.WriteString(line + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func carrierFlag(set *flag.FlagSet) *string {
	return set.String("carrier", "", "`id` of the carrier, as carriers list has it")
}

func listCarriers(set *flag.FlagSet) action {
	table := tableFlag(set)
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		rows, err := to.carriers.Rows(ctx)
		if err != nil {
			return err
		}
		lines := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		for _, p := range carrier.NewDirectory(rows).All() {
			whose := ""
			if slices.ContainsFunc(rows, func(r carrier.Row) bool { return r.ID == p.ID }) {
				whose = "operator"
			}
			fmt.Fprintf(lines, "%s\t%s\t%s\t%s\t%d values\t%s\n", p.ID, p.Kind, p.Name, cmp.Or(strings.Join(p.SPIDs, " "), "-"),
				len(p.Values), whose)
		}
		return lines.Flush()
	}
}

func showCarrier(set *flag.FlagSet) action {
	table, id := tableFlag(set), carrierFlag(set)
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		rows, err := to.carriers.Rows(ctx)
		if err != nil {
			return err
		}
		p, ok := carrier.NewDirectory(rows).ByID(*id)
		if !ok {
			return fmt.Errorf("there is no carrier %q", *id)
		}
		lines := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		for _, row := range [][2]string{{"name", p.Name}, {"kind", string(p.Kind)}, {"aliases", strings.Join(p.Aliases, "; ")},
			{"spids", strings.Join(p.SPIDs, "; ")}, {"host", p.Host}} {
			if row[1] != "" {
				fmt.Fprintf(lines, "%s\t\t%s\n", row[0], row[1])
			}
		}
		for _, v := range p.Values {
			fmt.Fprintf(lines, "%s\t%s\t%s\n", v.Field, v.Mark, v.Text)
		}
		if err := lines.Flush(); err != nil {
			return err
		}
		registry := carrier.Registry{Store: to.carriers, Now: func() time.Time { return to.now }}
		f, shown, err := registry.Figures(ctx, p, "")
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "\nOrders that it has answered: %d, of %d accounts or more", f.Orders, f.Accounts)
		if !shown {
			fmt.Fprintf(out, " (customers see figures from %d orders of %d accounts on)", carrier.ShownOrders, carrier.ShownAccounts)
		}
		fmt.Fprintln(out)
		for _, row := range []struct {
			name string
			days carrier.Days
		}{{"CSR", f.CSR}, {"FOC", f.FOC}, {"port", f.Port}} {
			if row.days.Orders > 0 {
				fmt.Fprintf(out, "%s: half of %d within %d business days, nine in ten within %d\n", row.name, row.days.Orders,
					row.days.Median, row.days.Ninety)
			}
		}
		for _, r := range f.Refusals {
			fmt.Fprintf(out, "refused for %s: %d (%.0f %%)\n", r.Code, r.Orders, 100*r.Share)
		}
		return nil
	}
}

// amendFlags are the flags of every command that changes a carrier.
func amendFlags(set *flag.FlagSet) (table *string, a *carrier.Amendment) {
	a = &carrier.Amendment{Set: map[string]string{}}
	set.StringVar(&a.ID, "carrier", "", "`id` of the carrier: small letters, digits and dashes")
	set.StringVar(&a.By, "by", "", "`initials` of who makes the change")
	set.StringVar(&a.Why, "why", "", "`reason` for the change, for those who read the history")
	return tableFlag(set), a
}

// setFlag reads -set field=value, as often as it stands in the command line.
func setFlag(set *flag.FlagSet, a *carrier.Amendment) {
	set.Func("set", "`field=value` to be set; may be given several times", func(text string) error {
		field, value, ok := strings.Cut(text, "=")
		if _, twice := a.Set[field]; !ok || twice {
			return errors.New("give each field once, as field=value")
		}
		a.Set[field] = value
		return nil
	})
}

func setCarrier(set *flag.FlagSet) action {
	table, a := amendFlags(set)
	setFlag(set, a)
	return amend(table, a)
}

func unsetCarrier(set *flag.FlagSet) action {
	table, a := amendFlags(set)
	set.Func("field", "`field` to be taken back; may be given several times", func(text string) error {
		a.Unset = append(a.Unset, text)
		return nil
	})
	return amend(table, a)
}

func addCarrier(set *flag.FlagSet) action {
	table, a := amendFlags(set)
	setFlag(set, a)
	a.Add = true
	return amend(table, a)
}

func removeCarrier(set *flag.FlagSet) action {
	table, a := amendFlags(set)
	a.Remove = true
	return amend(table, a)
}

func amend(table *string, a *carrier.Amendment) action {
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		c, err := carrier.Amend(ctx, to.carriers, *a, to.now)
		if porting.Is(err, porting.Settled) {
			fmt.Fprintf(out, "Nothing has changed: %s is as you want it.\n", a.ID)
			return nil
		}
		if err != nil {
			return err
		}
		tellChange(out, c)
		fmt.Fprintln(out, "It counts within a minute.")
		return nil
	}
}

func tellChange(out io.Writer, c carrier.Change) {
	fmt.Fprintf(out, "%s  %s  %s: %s\n", instant(c.At), c.ID, c.By, c.Why)
	fields := maps.Clone(c.Before)
	if fields == nil {
		fields = map[string]string{}
	}
	maps.Copy(fields, c.After)
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		before, had := c.Before[field]
		after, has := c.After[field]
		switch {
		case !had:
			fmt.Fprintf(out, "  %s set to %q\n", field, after)
		case !has:
			fmt.Fprintf(out, "  %s taken back, was %q\n", field, before)
		default:
			fmt.Fprintf(out, "  %s set to %q, was %q\n", field, after, before)
		}
	}
}

func carrierHistory(set *flag.FlagSet) action {
	table, id := tableFlag(set), carrierFlag(set)
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		all, err := to.carriers.Changes(ctx, *id)
		if err != nil {
			return err
		}
		for _, c := range all {
			tellChange(out, c)
		}
		fmt.Fprintf(out, "%d changes.\n", len(all))
		return nil
	}
}
