package metric

// Row is one metric. CloudWatch keeps, and bills, one for each value of the dimension.
type Row struct {
	Name string
	Unit Unit
	// Dimension is the name of the metric's one dimension; empty for none.
	Dimension string
	// Values are the values of the dimension. Another value is written as "other".
	Values []string
	// Named says which names of our own configuration the values are, where Values does not list them.
	Named string
	// Total says that the metric is also written without its dimension, so that an alarm looks at all values together.
	Total bool
	// Trouble writes the line as a warning.
	Trouble bool
	// Means says for operators what is measured, and when.
	Means string
}

// Unit is CloudWatch's word for a unit.
type Unit string

// The units.
const (
	Number  Unit = "Count"
	Seconds Unit = "Seconds"
)

// The metrics. Orders, accounts and numbers are never dimensions: they belong to customers, and their number is not
// bounded.
var (
	DueAge = Row{Name: "DueAge", Unit: Seconds, Dimension: "Kind", Values: kinds, Total: true,
		Means: "for how long the oldest item has been due when a sweep begins; 0 where nothing is due"}
	OutboxLag = Row{Name: "OutboxLag", Unit: Seconds,
		Means: "from an event to the work that follows from it, the longest of a batch of the stream"}
	Parked = Row{Name: "Parked", Unit: Number, Dimension: "Kind", Values: kinds, Total: true,
		Means: "how much work is parked, counted every minute"}
	ParkedHours = Row{Name: "ParkedHours", Unit: Number, Dimension: "Kind", Values: kinds, Total: true,
		Means: "for how many hours an item has been parked, at each try"}
	OrderStatus = Row{Name: "OrderStatus", Unit: Number, Dimension: "Status", Values: statuses,
		Means: "an order has come to the status; sandboxes are not counted"}
	Orders = Row{Name: "Orders", Unit: Number, Dimension: "Status", Values: statuses,
		Means: "the orders whose driver a sweep has checked; each is checked once an hour, so that the sum of an hour is the " +
			"number of orders with us or the carrier"}
	TurnTime = Row{Name: "TurnTime", Unit: Seconds, Dimension: "Turn",
		Values: []string{"customer", "staff", "carrier", "calendar"},
		Means:  "for how long an order was in a status, by whose move it was, measured when the status changes"}
	MailRefused = Row{Name: "MailRefused", Unit: Number, Dimension: "Code", Total: true, Trouble: true,
		Values: []string{"AccountSuspendedException", "BadRequestException", "LimitExceededException",
			"MailFromDomainNotVerifiedException", "MessageRejected", "NotFoundException", "SendingPausedException",
			"TooManyRequestsException"},
		Means: "SES has refused a mail, by its code"}
	MailFeedback = Row{Name: "MailFeedback", Unit: Number, Dimension: "Feedback", Trouble: true,
		Values: []string{"Bounce", "Complaint", "Reject"},
		Means:  "a mail came back, its reader complained, or SES found it unfit"}
	WebhookPaused = Row{Name: "WebhookPaused", Unit: Number, Dimension: "Why", Values: []string{"gone", "failing"},
		Total: true, Trouble: true,
		Means: "a webhook endpoint was paused: it answered 410, or nothing succeeded there for a day"}
	CircuitOpen = Row{Name: "CircuitOpen", Unit: Number, Dimension: "Peer", Named: "peers", Total: true, Trouble: true,
		Means: "a running function keeps calls away from a peer that failed several times in a row"}
	PeerRefuses = Row{Name: "PeerRefuses", Unit: Number, Dimension: "Call", Values: []string{"portability"}, Trouble: true,
		Means: "a peer does not take our login or account"}
	UnknownCode = Row{Name: "UnknownCode", Unit: Number, Dimension: "Peer", Named: "peers", Trouble: true,
		Means: "a peer has sent a code that the table of codes lacks"}
)

// Rows lists the metrics.
func Rows() []Row {
	return []Row{DueAge, OutboxLag, Parked, ParkedHours, OrderStatus, Orders, TurnTime, MailRefused, MailFeedback,
		WebhookPaused, CircuitOpen, PeerRefuses, UnknownCode}
}

// kinds are the kinds of due dates. A sandbox's orders have kinds of their own.
var kinds = []string{"check", "clock", "desk", "driver", "event", "intake", "papers", "parked", "pull", "webhook",
	"webhook-paused", "sandbox-check", "sandbox-clock", "sandbox-desk", "sandbox-papers"}

// statuses are an order's.
var statuses = []string{"pending", "processing", "submitted", "accepted", "rejected", "review", "completed",
	"cancelled", "abandoned", "hard_canceled"}
