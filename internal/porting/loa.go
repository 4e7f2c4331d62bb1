package porting

// LOACopy is the text of the letter of agency: the API's LOA form shows it and the PDF prints it, so that what is signed and
// what is printed are the same words. Paragraphs stand apart by an empty line. It holds what 47 CFR 64.1130 asks of such a
// letter (the change itself and nothing else, the present and the new provider, the agent, one carrier for each kind of call,
// a fee that may be due) in words of our own.
const LOACopy = `This letter of agency serves one purpose: to authorize the transfer ("port") of the telephone numbers listed in it. It offers nothing in return and is not part of any other document.

The end user named in this letter decides to transfer the listed telephone numbers away from the current provider named in it, to Portway and the service provider through which the end user receives service from Portway. The end user holds the listed numbers in an account at the service address given here.

The end user appoints Portway and that service provider as agents for this transfer. The agents, and carriers acting for them, may obtain the customer service record and other account information needed for the transfer from the current provider, may issue, change and cancel orders for it, and, for toll-free numbers, may change the responsible organization (RespOrg).

The choice covers local, toll-free, intrastate, interstate and international calling and messaging on the listed numbers, as far as each number carries it. For any one number only one carrier can be chosen for each of these services.

The current provider may charge for ending its service, and a fee may be due for the transfer. The transfer does not end other services at the current provider, nor what is owed for them; these stay the end user's own affair.

This authority lasts until the transfer is complete. The end user may revoke it before then by a written notice to Portway; a revocation does not undo what was done before it was received.

The signer declares that the information in this letter is true, and that the signer is authorized by the end user to sign it and to have these numbers transferred.`
