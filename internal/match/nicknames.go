package match

// nicknames are first names and their short forms, a line each. They are a
// hint for people and never make two names the same: Pat may be Patrick or
// Patricia, and the carrier's record is right.
const nicknames = `abigail abby gail
abraham abe
albert al bert
alexander alex al sandy sasha xander
alexandra alex sandra sandy lexi
alfred al fred
amanda mandy
andrew andy drew
angela angie
anthony tony
antoine tony
arthur art
barbara barb barbie babs
benjamin ben benny
bernard bernie
beverly bev
bradley brad
calvin cal
cameron cam
carolyn carol carrie lynn
catherine cathy cate kate kathy
charles charlie chuck chas
charlotte lottie
christina chris christy tina
christine chris chrissy
christopher chris kit topher
clifford cliff
constance connie
cynthia cindy
daniel dan danny
david dave davey
deborah debbie deb debra
dennis denny
dominic dom nick
donald don donnie
dorothy dot dottie
douglas doug
edmund ed ted
edward ed eddie ted ned
eleanor ellie nell
elizabeth liz beth betty betsy eliza libby lisa liza elisabeth
emily em
eugene gene
evelyn evie
florence flo
frances fran francie
francis frank fran
francois frank
franklin frank
frederick fred freddy
gabriel gabe
gabrielle gaby
gerald gerry jerry
geoffrey geoff jeff
gilbert gil
gregory greg
guillaume bill will
harold hal harry
henry hank harry
herbert herb bert
howard howie
isabella bella izzy
jacob jake
jacqueline jackie
jacques jack
james jim jimmy jamie
janet jan
jean john
jeffrey jeff
jennifer jen jenny
jerome jerry
jessica jess jessie
john jack johnny jon
jonathan jon john
joseph joe joey jose pepe
josephine jo josie
joshua josh
judith judy
julia julie
katherine kathy kate katie kat kathryn
kathleen kathy kate
kenneth ken kenny
kimberly kim
lawrence larry laurence
leonard len lenny leo
leslie les
louis lou louie
louise lou
lucille lucy
luis louis
margaret maggie meg peggy marge margie greta
maria mary
marie mary
martin marty
matthew matt
maximilian max
melissa missy
michael mike mick mickey
michel mike michael
michelle shelly
nancy nan
natalie nat
nathan nate
nathaniel nate nat
nicholas nick nicky
nicole nicky
norman norm
oliver ollie
pamela pam
patricia pat patty tricia trish
patrick pat paddy
peter pete pierre
philip phil phillip
pierre pete peter
priscilla cilla
randall randy
raymond ray
rebecca becky becca
reginald reggie
richard rich rick ricky dick
robert bob bobby rob robbie bert roberto
roger rog
ronald ron ronnie
rosemary rose
roy leroy
russell russ
samantha sam
samuel sam sammy
sandra sandy
sarah sally sara
sharon shari
sidney sid
stanley stan
stephanie steph
stephen steve steven
susan sue susie suzanne
sylvester sly
terence terry
teresa terry tess theresa
theodore ted teddy theo
thomas tom tommy
timothy tim
tobias toby
valerie val
vernon vern
veronica ronnie
victor vic
victoria vicky tori
vincent vince vinny
virginia ginny
walter walt wally
wallace wally
wayne dwayne
wesley wes
william bill billy will willie liam
winston win
yvonne evonne
zachary zach zack
`
