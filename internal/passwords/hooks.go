package passwords

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"portway/internal/access"
	"portway/internal/env"
)

// Hooks reads the hooks of the environment, with their passwords from the secret that it names. The result is as
// [access.PeersWith] takes it.
func Hooks(e *env.Reader, cfg aws.Config) func(ctx context.Context, again bool) (access.Hooks, error) {
	hooks, err := access.ReadHooks(e.Raw)
	if err != nil {
		e.Fail("HOOK_USER, SOMOS_HOOK_USER or MORE_HOOKS", "can't be used: "+err.Error())
	}
	theirs := In(cfg, e.Text("HOOK_PASSWORDS"))
	return func(ctx context.Context, again bool) (access.Hooks, error) {
		age := Life
		if again {
			age = Least
		}
		all, err := theirs.All(ctx, age)
		if err != nil {
			return nil, err
		}
		return hooks.With(all)
	}
}
