package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"portway/internal/account"
	"portway/internal/api"
	"portway/internal/carrier"
	"portway/internal/dynamo"
	"portway/internal/dynamo/carrierrows"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/usageplan"
)

// deployment is the deployed stack that a command reads or changes, with the time and the randomness of this run.
type deployment struct {
	accounts account.Store
	// history reads an order's events after a version, oldest first; more says that later ones follow.
	history func(ctx context.Context, id porting.OrderID, after int64, limit int) (events []porting.Event, more bool, err error)
	// book lists and releases parked work. It changes no order.
	book *orders.Book
	// carriers keeps what the operator sets about losing carriers, and reads what is learned about them.
	carriers carriers
	// list reads the orders of an account, the newest first.
	list func(ctx context.Context, of porting.AccountID, f orders.Filter) ([]porting.Order, error)
	// erase removes what tells of persons from an order that has ended, and returns the order as it was.
	erase func(ctx context.Context, id porting.OrderID) (porting.Order, error)
	files files
	// api returns the API over the table, for calls that only read.
	api func(api.Files) (*api.API, error)
	// join puts an account on a usage plan; joining twice is joining once.
	join   func(ctx context.Context, plan string, id porting.AccountID) error
	now    time.Time
	random io.Reader
}

// carriers is what the commands about carriers need of the table.
type carriers interface {
	carrier.Keeper
	carrier.Store
}

// connector reaches the stack that has the table.
type connector func(ctx context.Context, table string) (deployment, error)

// onAWS connects as AWS's command line does. Nothing is called yet.
func onAWS(ctx context.Context, table string) (deployment, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return deployment{}, err
	}
	client := dynamodb.NewFromConfig(cfg)
	store := dynamo.New(client, table, nil) // it writes no order, so it seals nothing
	return deployment{
		accounts: store, history: store.History, book: &orders.Book{Store: store, Now: time.Now},
		carriers: carrierrows.New(client, table, store),
		list:     store.List, erase: store.Erase, files: versions{s3.NewFromConfig(cfg)},
		api: func(of api.Files) (*api.API, error) { return reader(store, of, time.Now) },
		join: func(ctx context.Context, plan string, id porting.AccountID) error {
			return usageplan.Join(ctx, cfg, plan, id)
		},
		now: time.Now().UTC(), random: rand.Reader,
	}, nil
}

// versions are the files of a bucket that keeps older versions.
type versions struct{ client *s3.Client }

// each does something with every version and delete marker below a prefix.
func (v versions) each(ctx context.Context, bucket, prefix string, do func(key, version string) error) error {
	pages := s3.NewListObjectVersionsPaginator(v.client, &s3.ListObjectVersionsInput{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, o := range page.Versions {
			if err := do(*o.Key, *o.VersionId); err != nil {
				return err
			}
		}
		for _, d := range page.DeleteMarkers {
			if err := do(*d.Key, *d.VersionId); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v versions) Keys(ctx context.Context, bucket, prefix string) ([]string, error) {
	seen := map[string]bool{}
	err := v.each(ctx, bucket, prefix, func(key, _ string) error { seen[key] = true; return nil })
	return slices.Sorted(maps.Keys(seen)), err
}

func (v versions) Read(ctx context.Context, bucket, key string) ([]byte, error) {
	got, err := v.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	defer got.Body.Close()
	return io.ReadAll(got.Body)
}

func (v versions) Remove(ctx context.Context, bucket, key string) error {
	var all []types.ObjectIdentifier
	err := v.each(ctx, bucket, key, func(k, version string) error {
		if k == key { // and none that only begins with it
			all = append(all, types.ObjectIdentifier{Key: &k, VersionId: &version})
		}
		return nil
	})
	if err != nil || len(all) == 0 {
		return err
	}
	for some := range slices.Chunk(all, 1000) {
		out, err := v.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &types.Delete{Objects: some}})
		if err != nil {
			return err
		}
		if len(out.Errors) > 0 {
			return fmt.Errorf("remove %s: %s", key, aws.ToString(out.Errors[0].Code))
		}
	}
	return nil
}
