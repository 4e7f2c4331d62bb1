package mail

import "testing"

// SES's tags name the mail that its feedback is about, those of mails that an earlier release sent too.
func TestKeyOfTags(t *testing.T) {
	for _, test := range []struct {
		name string
		tags map[string][]string
		want Key
	}{
		{"Order", map[string][]string{"order": {"7"}, "event": {"3"}}, OrderKey("7", 3)},
		{"OrderWithALink", map[string][]string{"order": {"7"}, "event": {"3"}, "link": {"0123abcd"}},
			Key{About: AboutOrder, ID: "7", Version: 3, To: "0123abcd"}},
		{"Webhook", map[string][]string{"webhook": {"weaaaa"}, "event": {"1770753600"}},
			Key{About: AboutWebhook, ID: "weaaaa", Version: 1770753600}},
		{"WebhookOfAnEarlierRelease", map[string][]string{"order": {"webhook-weaaaa"}, "event": {"3"}},
			Key{About: AboutWebhook, ID: "weaaaa", Version: 3}},
		{"NoTags", nil, Key{}},
		{"TagsOfOthers", map[string][]string{"ses:from-domain": {"portway.example"}}, Key{}},
		{"NoVersion", map[string][]string{"order": {"7"}}, Key{}},
		{"VersionThatIsNone", map[string][]string{"order": {"7"}, "event": {"three"}}, Key{}},
		{"AboutNothing", map[string][]string{"event": {"3"}}, Key{}},
		{"TwoOrders", map[string][]string{"order": {"7", "8"}, "event": {"3"}}, Key{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := keyOf(test.tags)
			if got != test.want || ok != (test.want != Key{}) {
				t.Errorf("%v, %t; want %v", got, ok, test.want)
			}
		})
	}
}
