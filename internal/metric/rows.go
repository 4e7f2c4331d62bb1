package metric

// Row is one metric. CloudWatch keeps, and bills, one for each value of the dimension.
type Row struct {
	Name string
	Unit Unit
	// Dimension is the name of the metric's one dimension; empty for none.
	Dimension string
	// Values are the values of the dimension. Another value is written as "other".
	Values []string
	// Named says whose names from our configuration the values are, such as "peers", if Values does not list them.
	Named string
	// Total says that the metric is also written without its dimension, so that an alarm can watch all values together.
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
		Means: "how long the oldest item has been due when a sweep begins; 0 if nothing is due"}
	OutboxLag = Row{Name: "OutboxLag", Unit: Seconds,
		Means: "the longest time from an event to the work that follows from it, in a batch of the stream"}
	Parked = Row{Name: "Parked", Unit: Number, Dimension: "Kind", Values: kinds, Total: true,
		Means: "the items of work that are parked, counted every minute"}
	ParkedHours = Row{Name: "ParkedHours", Unit: Number, Dimension: "Kind", Values: kinds, Total: true,
		Means: "for how many hours an item has been parked, measured at each try"}
	OrderStatus = Row{Name: "OrderStatus", Unit: Number, Dimension: "Status", Values: statuses,
		Means: "orders that have come to the status; those of sandboxes are not counted"}
	Orders = Row{Name: "Orders", Unit: Number, Dimension: "Status", Values: statuses,
		Means: "the orders whose driver a sweep has checked; each is checked once an hour, so that the sum of an hour is the " +
			"number of orders with us or the carrier"}
	TurnTime = Row{Name: "TurnTime", Unit: Seconds, Dimension: "Turn",
		Values: []string{"customer", "staff", "carrier", "calendar"},
		Means:  "how long an order was in a status, by whose turn it was; measured when the status changes"}
	MailRefused = Row{Name: "MailRefused", Unit: Number, Dimension: "Code", Total: true, Trouble: true,
		Values: []string{"AccountSuspendedException", "BadRequestException", "LimitExceededException",
			"MailFromDomainNotVerifiedException", "MessageRejected", "NotFoundException", "SendingPausedException",
			"TooManyRequestsException"},
		Means: "mails that SES has refused, by SES's code"}
	MailFeedback = Row{Name: "MailFeedback", Unit: Number, Dimension: "Feedback", Trouble: true,
		Values: []string{"Bounce", "Complaint", "Reject"},
		Means:  "mails that bounced, that a reader complained about, or that SES rejected after it had taken them"}
	WebhookPaused = Row{Name: "WebhookPaused", Unit: Number, Dimension: "Why", Values: []string{"gone", "failing"},
		Total: true, Trouble: true,
		Means: "webhook endpoints that were paused, since they answered 410 or no delivery succeeded for a day"}
	CircuitOpen = Row{Name: "CircuitOpen", Unit: Number, Dimension: "Peer", Named: "peers", Total: true, Trouble: true,
		Means: "a running function stops calling a peer for a time, since several calls failed in a row"}
	PeerRefuses = Row{Name: "PeerRefuses", Unit: Number, Dimension: "Call", Values: []string{"portability"}, Trouble: true,
		Means: "a peer does not accept our login or account"}
	UnknownCode = Row{Name: "UnknownCode", Unit: Number, Dimension: "Peer", Named: "peers", Trouble: true,
		Means: "a peer has sent a code that the table of codes lacks"}
)

// Rows lists the metrics.
func Rows() []Row {
	return []Row{DueAge, OutboxLag, Parked, ParkedHours, OrderStatus, Orders, TurnTime, MailRefused, MailFeedback,
		WebhookPaused, CircuitOpen, PeerRefuses, UnknownCode}
}

// kinds are the kinds of due dates. A sandbox's orders have kinds of their own.
var kinds = []string{"check", "clock", "desk", "dispute", "driver", "event", "intake", "papers", "parked", "provision", "pull",
	"webhook", "webhook-paused", "sandbox-check", "sandbox-clock", "sandbox-desk",
	"sandbox-dispute", "sandbox-papers", "sandbox-provision"}

// statuses are the statuses of an order.
var statuses = []string{"pending", "processing", "submitted", "accepted", "rejected", "review", "completed",
	"cancelled", "abandoned", "hard_canceled"}
