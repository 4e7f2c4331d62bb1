package porting

// loaWords are the words of an LOA in one language. Their placeholders are filled in by LOAWordsOf.
type loaWords struct {
	carrier  string // in the place of a carrier without a name
	listed   string // the numbers on the face of the LOA
	attached string // how many, the first and the last, on an attached list
	comment  string // where to write where the operator has no address
	address  string // where to write

	authorization, tollFree, disclosures string
}

// secondWords are the words of version 2 in each language. The person signs in the language of the page on which the LOA is
// shown (47 CFR 64.1130(h)). All have one meaning; the English ones came first.
//
// The authorization holds what 47 CFR 64.1130 asks of an LOA, in words of our own: the change itself and nothing else (b),
// the numbers, the decision, the present and the new carrier, the agent, one carrier for each service, a fee that may be due
// (e), and that the new carrier sets the rates (f). The billing name and address stand above the words. The toll-free words
// name the new RespOrg by name and id in the text, as Somos's guidelines ask.
//
// The disclosures are those of 15 U.S.C. 7001(c)(1), which 47 CFR 64.1130(i) wants on an LOA that is signed electronically:
// the right to paper, what the consent covers, how to withdraw it and with what consequence, how to change the contact, how to
// get a copy and at what fee, and what is needed to read and keep the LOA. A copy on paper is free (our decision).
var secondWords = map[Language]loaWords{
	English: {
		carrier: "the carrier that runs this service", listed: "the telephone numbers that are listed in it",
		attached: "the %d telephone numbers on the attached list, of which the first is %s and the last is %s",
		comment:  "by a comment on the port order", address: "at %s, or by a comment on the port order",
		authorization: `This letter of agency serves one purpose: to authorize the transfer ("port") of {numbers}. It offers nothing in return and is not part of any other document.

The end user named in this letter decides to change the carrier of these numbers from the current provider named in it to {carrier}, the new carrier. The end user holds the numbers in an account with the service address and the account address given here.

The end user appoints {carrier} as agent for this transfer. The agent, and carriers acting for it, may obtain the customer service record and other account information needed for the transfer from the current provider, and may issue, change and cancel orders for it.{toll-free}

The choice covers local, toll-free, intrastate, interstate and international calling and messaging on these numbers, as far as each number carries it. For any one number only one carrier can be chosen for each of these services. The new carrier sets the rates for its service.

The current provider may charge for ending its service, and a fee may be due for the transfer. The transfer does not end other services at the current provider, nor what is owed for them; these stay the end user's own affair.

This authority lasts until the transfer is complete. The end user may revoke it before then by a written notice to {carrier}, {address}; a revocation does not undo what was done before it was received.

The signer declares that the information in this letter is true, and signs in the capacity that stands with the signature: as the end user, who holds the account; as a person whom the end user has authorized to sign; or as a reseller, to whom the end user has given a signed letter of agency for this transfer, which is kept with this one.`,
		tollFree: `For toll-free numbers the end user authorizes the change of the responsible organization (RespOrg) to {resporg}, and asks the current RespOrg to release the numbers to it.`,
		disclosures: `The signer may have this letter on paper and sign it on paper instead. To ask for that, write to {carrier}, {address}, before signing here.

The consent to an electronic letter and signature covers this letter and the notices about this transfer only. It may be withdrawn at any time without a fee, by writing to the same place. What was done before stays valid; a transfer that is not complete then stops until a letter is signed on paper.

The addresses to which copies and notices go are those of the port order, where they can be changed at any time. A copy of this letter on paper is sent on request to the same place, without a fee.

To read and keep this letter one needs internet access, a program that shows PDF files, and a printer or storage for the file. By signing, the signer confirms to be able to read and keep this letter in this form, and consents to signing it electronically.`,
	},
	Spanish: {
		carrier: "el operador que presta este servicio", listed: "los números de teléfono que se enumeran en ella",
		attached: "los %d números de teléfono de la lista adjunta, de los que el primero es %s y el último %s",
		comment:  "por un comentario en la orden de portabilidad", address: "en %s, o por un comentario en la orden de portabilidad",
		authorization: `Esta carta de autorización tiene un único fin: autorizar el traslado («portabilidad») de {numbers}. No ofrece nada a cambio y no forma parte de ningún otro documento.

El usuario final nombrado en esta carta decide cambiar el operador de estos números, del proveedor actual nombrado en ella a {carrier}, el nuevo operador. El usuario final tiene los números en una cuenta con la dirección del servicio y la dirección de la cuenta que aquí se indican.

El usuario final nombra a {carrier} su agente para este traslado. El agente, y los operadores que actúan por él, pueden obtener del proveedor actual el registro de cliente y los demás datos de la cuenta que se necesiten para el traslado, y pueden emitir, cambiar y cancelar órdenes para él.{toll-free}

La elección abarca las llamadas y los mensajes locales, gratuitos, dentro del estado, entre estados e internacionales de estos números, en la medida en que cada número los admite. Para cada número solo se puede elegir un operador para cada uno de estos servicios. El nuevo operador fija las tarifas de su servicio.

El proveedor actual puede cobrar por poner fin a su servicio, y puede deberse una tarifa por el traslado. El traslado no pone fin a otros servicios del proveedor actual ni a lo que se deba por ellos; estos siguen siendo asunto del usuario final.

Esta autorización dura hasta que el traslado esté completo. El usuario final puede revocarla antes por un aviso escrito a {carrier}, {address}; una revocación no deshace lo que se hizo antes de recibirla.

El firmante declara que los datos de esta carta son verdaderos, y firma en la calidad que consta junto a la firma: como usuario final, titular de la cuenta; como persona a la que el usuario final ha autorizado a firmar; o como revendedor, al que el usuario final ha dado una carta de autorización firmada para este traslado, que se conserva con esta.`,
		tollFree: `En los números gratuitos, el usuario final autoriza el cambio de la organización responsable (RespOrg) a {resporg}, y pide a la RespOrg actual que le libere los números.`,
		disclosures: `El firmante puede tener esta carta en papel y firmarla en papel en su lugar. Para pedirlo, escriba a {carrier}, {address}, antes de firmar aquí.

El consentimiento a una carta y una firma electrónicas abarca solo esta carta y los avisos sobre este traslado. Puede retirarse en cualquier momento y sin coste, escribiendo al mismo lugar. Lo que se hizo antes sigue siendo válido; un traslado que no está completo se detiene entonces hasta que se firme una carta en papel.

Las direcciones a las que van las copias y los avisos son las de la orden de portabilidad, donde se pueden cambiar en cualquier momento. Una copia de esta carta en papel se envía a petición, hecha al mismo lugar, sin coste.

Para leer y conservar esta carta se necesita acceso a internet, un programa que muestre archivos PDF, y una impresora o espacio para guardar el archivo. Al firmar, el firmante confirma que puede leer y conservar esta carta en esta forma, y consiente en firmarla electrónicamente.`,
	},
	French: {
		carrier: "le fournisseur qui exploite ce service", listed: "les numéros de téléphone qui y sont énumérés",
		attached: "les %d numéros de téléphone de la liste jointe, dont le premier est le %s et le dernier le %s",
		comment:  "par un commentaire sur la commande de transfert", address: "à %s, ou par un commentaire sur la commande de transfert",
		authorization: `La présente lettre d’autorisation a un seul but : autoriser le transfert (« port ») de ce qui suit : {numbers}. Elle n’offre rien en retour et ne fait partie d’aucun autre document.

L’utilisateur final nommé dans cette lettre décide de changer de fournisseur pour ces numéros, du fournisseur actuel qui y est nommé à {carrier}, le nouveau fournisseur. L’utilisateur final détient les numéros dans un compte ayant l’adresse du service et l’adresse du compte données ici.

L’utilisateur final nomme {carrier} mandataire pour ce transfert. Le mandataire, et les fournisseurs qui agissent pour lui, peuvent obtenir du fournisseur actuel le dossier de client et les autres renseignements du compte nécessaires au transfert, et peuvent passer, modifier et annuler des commandes à cette fin.{toll-free}

Le choix couvre les appels et la messagerie locaux, sans frais, interurbains et internationaux sur ces numéros, dans la mesure où chaque numéro les permet. Pour un même numéro, un seul fournisseur peut être choisi pour chacun de ces services. Le nouveau fournisseur fixe les tarifs de son service.

Le fournisseur actuel peut facturer la fin de son service, et des frais peuvent être dus pour le transfert. Le transfert ne met pas fin aux autres services chez le fournisseur actuel, ni à ce qui est dû pour eux; ceux-ci demeurent l’affaire de l’utilisateur final.

La présente autorisation dure jusqu’à ce que le transfert soit achevé. L’utilisateur final peut la révoquer avant par un avis écrit à {carrier}, {address}; une révocation n’annule pas ce qui a été fait avant sa réception.

Le signataire déclare que les renseignements de cette lettre sont vrais, et signe au titre qui figure avec la signature : comme utilisateur final, titulaire du compte; comme personne que l’utilisateur final a autorisée à signer; ou comme revendeur, à qui l’utilisateur final a donné une lettre d’autorisation signée pour ce transfert, qui est conservée avec celle-ci.`,
		tollFree: `Pour les numéros sans frais, l’utilisateur final autorise le changement de l’organisation responsable (RespOrg) à {resporg}, et demande à la RespOrg actuelle de lui libérer les numéros.`,
		disclosures: `Le signataire peut obtenir cette lettre sur papier et la signer plutôt sur papier. Pour le demander, écrivez à {carrier}, {address}, avant de signer ici.

Le consentement à une lettre et à une signature électroniques couvre seulement cette lettre et les avis sur ce transfert. Il peut être retiré en tout temps et sans frais, en écrivant au même endroit. Ce qui a été fait avant demeure valide; un transfert qui n’est pas achevé s’arrête alors jusqu’à ce qu’une lettre soit signée sur papier.

Les adresses auxquelles vont les copies et les avis sont celles de la commande de transfert, où elles peuvent être changées en tout temps. Une copie de cette lettre sur papier est envoyée sur demande faite au même endroit, sans frais.

Pour lire et conserver cette lettre, il faut un accès à Internet, un programme qui affiche les fichiers PDF, et une imprimante ou un espace pour garder le fichier. En signant, le signataire confirme pouvoir lire et conserver cette lettre sous cette forme, et consent à la signer par voie électronique.`,
	},
}
