package api

// errorCode is the stable name of a fault that the domain does not know. The domain's own names are [porting.FaultCode]
// and [porting.ErrorCode]. The comment of each constant is its meaning in the catalogue of infra/openapi.yaml.
type errorCode string

// The codes of what is wrong with a request before the domain sees it, and of failures on our side.
const (
	// codeMalformed: The body cannot be read: it is not a JSON object or a form, not UTF-8, or nested too deeply.
	codeMalformed errorCode = "malformed"
	// codeDuplicateName: A name occurs twice in a JSON object.
	codeDuplicateName errorCode = "duplicate_name"
	// codeIdempotencyKey: The Idempotency-Key does not have 1 to 255 printable ASCII characters.
	codeIdempotencyKey errorCode = "invalid_idempotency_key"
	// codeKeyReused: The Idempotency-Key was sent with another request before.
	codeKeyReused errorCode = "idempotency_key_reused"
	// codeKeyInProgress: The call with this Idempotency-Key is still running. Try again after the time in Retry-After.
	codeKeyInProgress errorCode = "idempotency_in_progress"
	// codeAnswerNotKept: The call was carried out before, but its answer is too large to repeat or shows a secret.
	codeAnswerNotKept errorCode = "idempotency_answer_not_kept"
	// codeUnauthorized: The credentials are missing or wrong.
	codeUnauthorized errorCode = "unauthorized"
	// codeUnknownRoute: The API does not have this path.
	codeUnknownRoute errorCode = "unknown_route"
	// codeNoSuchFix: The order's explanation does not offer this fix.
	codeNoSuchFix errorCode = "no_such_fix"
	// codeNoSuchChange: The order does not have this change.
	codeNoSuchChange errorCode = "no_such_change"
	// codeNoSuchFile: The order does not have this document.
	codeNoSuchFile errorCode = "no_such_file"
	// codeMethod: The path does not have this method. The header Allow lists its methods.
	codeMethod errorCode = "method_not_allowed"
	// codeNoReadyFix: We do not know the right value, so you have to correct the order yourself.
	codeNoReadyFix errorCode = "no_ready_fix"
	// codeTooManyLinks: The order has 50 open links.
	codeTooManyLinks errorCode = "too_many_links"
	// codePrecondition: The order or the account has another version than the one in If-Match.
	codePrecondition errorCode = "precondition_failed"
	// codeTooLarge: The body is larger than 1 MB.
	codeTooLarge errorCode = "too_large"
	// codeMediaType: The body is not JSON, or not CSV where the call takes a sheet.
	codeMediaType errorCode = "unsupported_media_type"
	// codeTooMany: The account sends too many requests. Try again after the time in Retry-After.
	codeTooMany errorCode = "too_many_requests"
	// codeInternal: Something went wrong on our side.
	codeInternal errorCode = "internal"
	// codeUnavailable: We could not answer in time. Try again after the time in Retry-After.
	codeUnavailable errorCode = "unavailable"
	// codePeerUnavailable: The carriers cannot answer at the moment. Try again after the time in Retry-After.
	codePeerUnavailable errorCode = "peer_unavailable"
)
