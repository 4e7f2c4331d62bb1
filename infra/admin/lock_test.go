package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
	"portway/internal/bucket"
	"portway/internal/porting"
)

// A letter of agency that is written with a lock is there until the lock's time is over, whoever erases it with whatever
// command of ours. A file without a lock is not.
func TestLockedFilesStay(t *testing.T) {
	e := enginetest.Start(t, engine.Options{})
	client := s3.NewFromConfig(e.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	name, now := "locked", time.Now()
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name, ObjectLockEnabledForBucket: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	plain := bucket.New(e.Config(), name, func() time.Time { return now })
	for _, c := range []struct {
		mode bucket.Lock
		gone bool
	}{{bucket.Unlocked, true}, {bucket.Governance, false}, {bucket.Compliance, false}} {
		key := "kept/acme/1/" + string(c.mode)
		if err := plain.Locked(c.mode, porting.LOATerm).Put(t.Context(), key, strings.NewReader("%PDF"), 4); err != nil {
			t.Fatal(err)
		}
		removed := versions{client}.Remove(t.Context(), name, key)
		left, err := versions{client}.Keys(t.Context(), name, key)
		if err != nil || (len(left) == 0) != c.gone || (removed == nil) != c.gone {
			t.Errorf("%s: %v are left after it was removed (%v, %v)", c.mode, left, removed, err)
		}
		if !c.gone {
			head, err := client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &name, Key: &key})
			if err != nil || !strings.EqualFold(string(head.ObjectLockMode), string(c.mode)) ||
				head.ObjectLockRetainUntilDate.Sub(now.Add(porting.LOATerm)).Abs() > 2*time.Second {
				t.Errorf("%s: locked as %s until %v (%v)", c.mode, head.ObjectLockMode, head.ObjectLockRetainUntilDate, err)
			}
		}
	}
}
