package locals

// texts are the peer's texts for its codes and for those of the on-net carriers, shortened, with the words that tell
// two meanings of one code apart as they are published ([list]). No carrier's code stands in them.
var texts = map[string]string{
	// the peer
	"1005": "The element is not allowed.", "1011": "The element is too long.", "7105": "The subscriber's name is missing.",
	"7107": "The service address is missing.",
	"7113": "Wireless information is required.", "7114": "The account number is required.",
	"7115": "The LOA authorizing person is required.", "7117": "The PIN is required.",
	"7200": "The order id does not exist.", "7201": "Telephone number is invalid",
	"7204": "The numbers are with different " +
		"losing carriers.",
	"7205": "Telephone number is already being processed on another order", "7207": "The requested FOC date is invalid.",
	"7208": "The requested FOC date is in the past.", "7313": "The requested time is outside of the hours of activation.",
	"7210": "The requested FOC date is more than 30 days ahead.", "7214": "The ZIP code is malformed.",
	"7217": "The requested FOC date is malformed.",
	"7300": "The order cannot be changed while a response from the losing carrier is pending.",
	"7301": "The order is too close to its FOC date.",
	"7303": "The order has already been cancelled.", "7304": "The order is already complete and cannot be modified or " +
		"cancelled",
	"7309": "The site id was not supplied or is invalid.", "7315": "The requested FOC date falls on a weekend or holiday.",
	"7316": "No telephone numbers were given.",
	"7318": "The customer order id is invalid.", "7319": "The partial port value is invalid.",
	"7321": "Toll free numbers can not be ported this way.",
	"7324": "The business name is too long.", "7331": "Rate Center Not Present in Bandwidth Dashboard",
	"7338": "The activation element is missing.",
	"7342": "On demand port-in activation not yet allowed.", "7345": "The order is not customer activated.",
	"7348": "The order is already complete",
	"7350": "The triggered value can not be changed.", "7352": "The order has no FOC date.",
	"7353": "The order is pending cancellation.",
	"7357": "The LOA authorizing person is too long.", "7378": "The number is not in service with the losing carrier.",
	"7386": "You have mixed toll free and non-toll free numbers.",
	"7388": "The LOA authorizing person was shortened.", "7395": "The state code is invalid.",
	"7472": "The fullCheck value is invalid.", "7480": "The order to be supplemented does not exist.",
	"7483": "The order can not be supplemented at this time.", "7490": "Too many telephone numbers.",
	"7494": "The new billing telephone number is invalid.",
	"7496": "The new billing telephone number is being ported.", "7497": "The new billing telephone number is the " +
		"old one.", "7498": "The telephone number list can not be changed.",
	"7503": "The telephone numbers are not portable.", "7515": "The ZIP code is wrong.",
	"7611": "The order was cancelled " +
		"by the vendor.", "7612": "A required element is missing.",
	"7638": "The file type is not supported.", "7710": "History is not supported for bulk port-ins or individual " +
		"port-ins in draft status.", "7800": "The document name is too long.",
	"12501": "Username is required", "14501": "The subscription is invalid.", "16000": "The subscription does not exist.",
	"16008": "The subscription already exists.",
	"26500": "CSR is not available for this TN",
	// on-net carriers
	"7400": "We are unable to port the toll free number on this order at this time.",
	"7401": "Order is being rejected for " +
		"account number.",
	"7402 E1": "Order is being rejected at this time for address mismatch.", "7402 8D": "Order is being rejected " +
		"at this time for address (zip code) mismatch.",
	"7402": "Order is being rejected at this time for address mismatch.", "7403": "A telephone number on this order is " +
		"being rejected as 'non-portable'.",
	"7404": "The business name is missing or incorrect", "7405": "The losing carrier is unable to process this " +
		"multi-line request.", "7406": "Order is being rejected for Centrex Service.",
	"7407": "Order is being rejected at this time for pending order.", "7408": "Order is being rejected by the losing " +
		"carrier for all data mismatch.",
	"7409": "One or more of the telephone numbers on this order is disconnected.", "7410": "Order is being rejected for " +
		"Distinctive Ring feature.",
	"7411": "Order is being rejected for DSL services.", "7412": "The losing carrier is unable to meet the due " +
		"date/time requested.",
	"7413": "The end user is not ready to port their number at this time.", "7414": "First name required or incorrect",
	"7415": "Foreign Exchange (FX)",
	"7416": "Order is being rejected for a freeze on the line.", "7417": "This order has received an error. Please " +
		"contact support for assistance.",
	"7418": "The losing carrier is reporting a high volume of orders; the due date may be extended.",
	"7419": "Order is being rejected for a Hunt Group.",
	"7420": "The losing carrier has rejected this order for illegible fax / non-portable number.",
	"7421": "Order is being rejected for ISDN services.",
	"7422": "This order was listed as a residential port, but a last name was not provided.",
	"7423": "LNUM/MDN is valid. errors with other LNUMs/MDNs in request",
	"7424": "A Letter of Authorization (LOA) is being requested by the losing carrier.",
	"7425": "MDN has service provider " +
		"port protection", "7426": "MDN not active",
	"7427": "MDN not found/does not belong to SP", "7428": "Multi TN", "7429": "Order is being rejected at this " +
		"time for End User name mismatch.", "7430": "Network SP not ready",
	"7431": "This number is deemed as an internal port.", "7432": "This order cannot be cancelled at this time due to " +
		"losing carrier rules.",
	"7433": "This order cannot be SUPP'd at this time due to losing carrier rules.",
	"7434 E24": "The migration indicator " +
		"(full or partial port) has been incorrectly chosen.",
	"7434 E6h": "The Billing Telephone Number (BTN) of this order is porting, but there are remaining services.",
	"7434":     "The Billing Telephone Number (BTN) of this order is porting.",
	"7435":     "Order is being rejected for PIN/Passcode.", "7436": "Prepay MDN",
	"7437": "This order is being rejected for " +
		"Remote Call Forwarding (RCF).",
	"7438": "Request received outside of business hours", "7439": "Requested Due Date less than Published Interval",
	"7441": "This order is now deemed as internal.",
	"7442": "Scheduling/Work load", "7443": "SSN/Tax ID required or incorrect",
	"7444": "The losing carrier is reporting " +
		"system outages; the due date may be extended.",
	"7445": "The Billing Telephone Number (BTN) on this order is being rejected by the losing carrier.",
	"7470": "TN not portable", "7471": "Data Missing or Incorrect",
	"7473": "Order is being rejected at this time for Authorization name mismatch.", "7484": "Our processing team is " +
		"attempting to resolve the rejection on your behalf.",
	"7485": "The losing carrier requires us to break your order into multiple submissions.",
}
