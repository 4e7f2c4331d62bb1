package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Each type of SES's bounces and complaints (developer guide, event notification contents), and what is done about it.
func TestFeedbackByType(t *testing.T) {
	const (
		nothing    = ""
		bounced    = "bounced"
		complained = "complained"
	)
	for _, tc := range []struct {
		kind       FeedbackKind
		typ, sub   string
		held, says string // what the comment on the order says; empty for no comment
	}{
		{Bounce, "Permanent", "General", bounced, "takes no mail for the address"},
		{Bounce, "Permanent", "NoEmail", bounced, "there is no such address"},
		{Bounce, "Permanent", "Suppressed", bounced, "was not sent"},
		{Bounce, "Permanent", "OnAccountSuppressionList", bounced, "was not sent"},
		{Bounce, "Permanent", "SomethingNew", bounced, "takes no mail for the address"},
		{Bounce, "Transient", "General", nothing, "did not take it in time"},
		{Bounce, "Transient", "MailboxFull", nothing, "the mailbox is full"},
		{Bounce, "Transient", "MessageTooLarge", nothing, "too large"},
		{Bounce, "Transient", "ContentRejected", nothing, "refused the content"},
		{Bounce, "Transient", "AttachmentRejected", nothing, "refused an attachment"},
		{Bounce, "Transient", "CustomTimeoutExceeded", nothing, "did not take it in time"},
		{Bounce, "Undetermined", "Undetermined", nothing, "did not say clearly why"},
		{Bounce, "Permanent", "UnsubscribedRecipient", bounced, "takes no mail for the address"},
		{Complaint, "abuse", "", complained, "marked it as unwanted"},
		{Complaint, "Abuse", "", complained, "marked it as unwanted"},
		{Complaint, "fraud", "", complained, "reported it as fraud"},
		{Complaint, "other", "", complained, "without saying why"},
		{Complaint, "", "", complained, "without saying why"},
		{Complaint, "opt-out", "", complained, "without saying why"},
		{Complaint, "", "OnAccountSuppressionList", complained, "has complained of our mail before"},
		{Complaint, "not-spam", "", nothing, ""},
		{Complaint, "virus", "", nothing, "reported a virus"},
		{Complaint, "auth-failure", "", nothing, "could not verify that a mail about this order came from us"},
		{Reject, "", "", nothing, "the mail service found something wrong"},
		{Delivery, "", "", nothing, ""},
		{"DeliveryDelay", "", "", nothing, ""},
		{"Open", "", "", nothing, ""},
	} {
		t.Run(fmt.Sprintf("%s %s %s", tc.kind, tc.typ, tc.sub), func(t *testing.T) {
			recipients := []map[string]string{{"emailAddress": "reader@example.com"}}
			event, err := json.Marshal(map[string]any{"detail": map[string]any{
				"eventType": tc.kind,
				"mail": map[string]any{"messageId": "m", "destination": []string{"reader@example.com",
					"other@example.com"}, "tags": map[string][]string{"order": {"4503605600001"}, "event": {"7"}}},
				"bounce": map[string]any{"bounceType": tc.typ, "bounceSubType": tc.sub,
					"bouncedRecipients": recipients},
				"complaint": map[string]any{"complaintFeedbackType": tc.typ, "complaintSubType": tc.sub,
					"complainedRecipients": recipients},
			}})
			if err != nil {
				t.Fatal(err)
			}
			held, comment := nothing, ""
			records := memory{OrderKey("4503605600001", 7): {}}
			f := &Feedbacks{Now: time.Now, Records: records,
				Block: func(_ context.Context, _ porting.OrderID, addresses []string, byReader bool) error {
					if !slices.Equal(addresses, []string{"reader@example.com"}) {
						t.Errorf("held %q", addresses)
					}
					held = bounced
					if byReader {
						held = complained
					}
					return nil
				},
				Note: func(_ context.Context, _ porting.OrderID, text string) error { comment = text; return nil },
			}
			if err := f.Take(t.Context(), event); err != nil {
				t.Fatal(err)
			}
			if held != tc.held {
				t.Errorf("held as %q, want %q", held, tc.held)
			}
			if !strings.Contains(comment, tc.says) || (comment == "") != (tc.says == "") ||
				strings.Contains(comment, "No more mail") != (held != nothing) {
				t.Errorf("the comment is %q", comment)
			}
			fate := map[FeedbackKind]orders.MailFate{Delivery: orders.MailDelivered, Bounce: orders.MailBounced, Reject: orders.MailRefused}[tc.kind]
			if tc.held == complained {
				fate = orders.MailComplained
			}
			if got := records[OrderKey("4503605600001", 7)].fate; got != fate {
				t.Errorf("the fate is %q, want %q", got, fate)
			}
			if strings.Contains(comment, "@") {
				t.Errorf("the comment has an address: %q", comment)
			}
		})
	}
}
