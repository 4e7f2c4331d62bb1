package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"portway/internal/bucket"
	"portway/internal/orders"
	"portway/internal/porting"
)

// privacyCommands are the commands about what is kept of persons.
var privacyCommands = []command{
	{
		name:    "erase",
		summary: "remove what tells of persons from orders that have ended",
		about: `The order keeps its numbers, carriers, times, fees and decisions. Names, addresses, account numbers, the carrier's
record, the signer, comments, kept mails and all files are removed, older versions of the files too. A signed LOA is kept for
two years from its signature (47 CFR 64.1120(a)(1)(ii)); run the command again after that. An order whose group has an order that
goes on is left as it is, since both may use the same files. Backups keep what they have for 35 days. Erase one order, or
those of an account that had ended before a day.`,
		example: `go run ./infra/admin erase -table portway-Table -bucket portway-documents -order 279827251204100
go run ./infra/admin erase -table portway-Table -bucket portway-documents -id acme -before 2024-01-01`,
		needs: []string{"table", "bucket"},
		flags: erase,
	},
}

// files are the files of orders, which export reads, and erase removes with all their versions.
type files interface {
	// Keys lists the files below a prefix, also those that are deleted and have older versions.
	Keys(ctx context.Context, bucket, prefix string) ([]string, error)
	// Read reads a file.
	Read(ctx context.Context, bucket, key string) ([]byte, error)
	// Remove removes a file and its older versions.
	Remove(ctx context.Context, bucket, key string) error
}

func erase(set *flag.FlagSet) action {
	table, name := tableFlag(set), set.String("bucket", "", "`name` of the bucket, DocumentsName of the stack's outputs")
	order := set.String("order", "", "`id` of one order")
	of := set.String("id", "", "`id` of an account")
	before := set.String("before", "", "`day` such as 2024-01-01: the account's orders that had ended before it")
	return func(ctx context.Context, connect connector, out io.Writer) error {
		day, err := time.Parse(time.DateOnly, *before)
		one, many := *order != "", *of != "" || *before != ""
		if one == many || many && (*of == "" || err != nil) {
			return errors.New("give -order, or else -id and -before with a day such as 2024-01-01")
		}
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		e := eraser{deployment: to, bucket: *name, out: out}
		if one {
			o, err := to.book.Store.Load(ctx, porting.OrderID(*order))
			if err != nil {
				return err
			}
			return e.erase(ctx, o)
		}
		return e.ended(ctx, porting.AccountID(*of), day)
	}
}

// eraser erases orders of a deployed stack.
type eraser struct {
	deployment
	bucket string
	out    io.Writer
}

// ended erases the orders of an account that had ended before a time.
func (e eraser) ended(ctx context.Context, of porting.AccountID, before time.Time) error {
	account, err := e.accounts.Account(ctx, of)
	if err != nil {
		return err
	}
	erased, left := 0, 0
	for f := (orders.Filter{Limit: 100, Sandbox: account.Kind == "sandbox"}); ; {
		page, err := e.list(ctx, of, f)
		if err != nil {
			return err
		}
		for _, o := range page {
			if !o.Status.Terminal() || !o.StatusAt.Before(before) {
				continue
			}
			err := e.erase(ctx, o)
			switch {
			case porting.Is(err, porting.WrongStatus):
				fmt.Fprintf(e.out, "%s  left: %v\n", o.ID, err)
				left++
			case err != nil:
				return err
			default:
				erased++
			}
		}
		if len(page) < f.Limit {
			break
		}
		f.Before = page[len(page)-1].ID
	}
	fmt.Fprintf(e.out, "%d erased, %d left.\n", erased, left)
	return nil
}

// erase erases one order, of which o need be no more than a list tells.
func (e eraser) erase(ctx context.Context, o porting.Order) error {
	group, err := e.list(ctx, o.Account, orders.Filter{Group: o.Group, Sandbox: o.Sandbox, Limit: 100})
	if err != nil {
		return err
	}
	for _, other := range group {
		if other.ID != o.ID && !other.Status.Terminal() {
			return porting.Errorf(porting.WrongStatus, "Order %s of the same group goes on, and may use the same files.", other.ID)
		}
	}
	was, err := e.deployment.erase(ctx, o.ID)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for _, d := range was.Documents {
		if (d.LOA || d.Kind == porting.LOADocument) && d.Digest != "" && was.Signature.At.Add(porting.LOATerm).After(e.now) {
			owner := o.ID
			if d.Of != "" {
				owner = d.Of
			}
			kept[bucket.Kept(was.Account, owner, d.Digest)] = true
		}
	}
	removed, loas := 0, 0
	for _, place := range []string{"kept", "incoming"} {
		keys, err := e.files.Keys(ctx, e.bucket, strings.Join([]string{place, string(was.Account), string(o.ID), ""}, "/"))
		if err != nil {
			return err
		}
		for _, key := range keys {
			if kept[key] {
				loas++
				continue
			}
			if err := e.files.Remove(ctx, e.bucket, key); err != nil {
				return err
			}
			removed++
		}
	}
	fmt.Fprintf(e.out, "%s  erased, %d files removed, %d LOAs kept\n", o.ID, removed, loas)
	return nil
}
