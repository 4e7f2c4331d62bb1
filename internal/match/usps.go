package match

// The tables of USPS Publication 28, each line with the standard form first,
// and of Canada Post's addressing guidelines.

// designators are appendix C2, by what they stand for, with the French ones
// of Canada. "#" and "unit" say only that there is a unit.
const designators = " apt=apt apartment=apt appt=apt app=apt appartement=apt ste=ste suite=ste bureau=ste unit= " +
	"unite= #= rm=rm room=rm fl=fl flr=fl floor=fl etage=fl bldg=bldg building=bldg dept=dept department=dept lot=lot " +
	"spc=spc space=spc trlr=trlr trailer=trlr hngr=hngr hangar=hngr ph=ph penthouse=ph bsmt=bsmt basement=bsmt " +
	"frnt=frnt front=frnt lbby=lbby lobby=lbby lowr=lowr lower=lowr ofc=ofc office=ofc pier=pier rear=rear side=side " +
	"slip=slip stop=stop uppr=uppr upper=uppr "

// alone need no number behind them (213.2); those of aloneLast have none, are
// words of street names too, and stand at the end of the line.
const (
	alone     = " ph bsmt "
	aloneLast = " frnt lbby lowr rear side uppr "
)

// doors are the kinds that a bare "#" may stand for.
const doors = " apt ste rm ofc spc lot trlr "

// directionals are 233, with the French of Quebec but for "est", which is also
// an estate; "o" is ouest.
const directionals = `n north nord
s south sud
e east
w west
ne northeast
nw northwest
se southeast
sw southwest
o ouest
`

// frenchTypes stand in front of a French street's name.
const frenchTypes = " rue boul boulevard blvd av ave avenue ch chemin cote place pl rang montee mtee allee route rte " +
	"croissant crois impasse imp terrasse cours promenade prom carre autoroute aut "

// suffixes are appendix C1, and below it a few words that stand inside street
// names and those of Canada Post. Where the Publication gives one form to one
// and to many (Park and Parks, Via and Viaduct), they stay apart here.
const suffixes = `aly alley allee ally
anx anex annex annx
arc arcade
ave avenue av aven avenu avn avnue
byu bayou bayoo
bch beach
bnd bend
blf bluff bluf
blfs bluffs
btm bottom bot bottm
blvd boulevard boul boulv blv
br branch brnch
brg bridge brdge
brk brook
brks brooks
bg burg
bgs burgs
byp bypass bypa bypas byps
cp camp cmp
cyn canyon canyn cnyn
cpe cape
cswy causeway causwa
ctr center centre cen cent centr cnter cntr
ctrs centers
cir circle circ circl crcl crcle
cirs circles
clf cliff
clfs cliffs
clb club
cmn common
cmns commons
cor corner
cors corners
crse course
ct court crt
cts courts
cv cove
cvs coves
crk creek
cres crescent crsent crsnt
crst crest
xing crossing crssng
xrd crossroad
xrds crossroads
curv curve
dl dale
dm dam
dv divide div dvd
dr drive driv drv
drs drives
est estate
ests estates
expy expressway exp expr express expw
ext extension extn extnsn
exts extensions
fall
fls falls
fry ferry frry
fld field
flds fields
flt flat
flts flats
frd ford
frds fords
frst forest
frsts forests
frg forge forg
frgs forges
frk fork
frks forks
ft fort frt
fwy freeway freewy frway frwy
gdn garden gardn grden grdn
gdns gardens grdns
gtwy gateway gatewy gatway gtway
gln glen
glns glens
grn green
grns greens
grv grove grov
grvs groves
hbr harbor harb harbr hrbor harbour
hbrs harbors harbours
hvn haven
hts heights ht
hwy highway highwy hiway hiwy hway
hl hill
hls hills
holw hollow hllw
inlt inlet
is island islnd
iss islands islnds
isle
isles
jct junction jction jctn junctn juncton
jcts junctions jctns
ky key
kys keys
knl knoll knol
knls knolls
lk lake
lks lakes
land
lndg landing lndng
ln lane
lgt light
lgts lights
lf loaf
lck lock
lcks locks
ldg lodge ldge lodg
loop
loops
mall
mnr manor
mnrs manors
mdw meadow
mdws meadows medows
mews
ml mill
mls mills
msn mission missn mssn
mtwy motorway
mt mount mnt
mtn mountain mntain mntn mountin mtin
mtns mountains mntns
nck neck
orch orchard orchrd
oval ovl
opas overpass
park prk
parks
pkwy parkway parkwy pkway pky
pkwys parkways
pass
psge passage
path
paths
pike
pikes
pne pine
pnes pines
pl place
pln plain
plns plains
plz plaza plza
pt point
pts points
prt port
prts ports
pr prairie prr
radl radial rad radiel
ramp
rnch ranch
rpd rapid
rpds rapids
rst rest
rdg ridge rdge
rdgs ridges
riv river rvr rivr
rd road
rds roads
rte route
row
rue
run
shl shoal
shls shoals
shr shore shoar
shrs shores shoars
skwy skyway
spg spring spng sprng
spgs springs spngs sprngs
spur
spurs
sq square sqr sqre squ
sqs squares sqrs
sta station statn stn
stra stravenue strav straven stravn strvn strvnue
strm stream streme
st street strt str saint
sts streets
smt summit sumit sumitt
ter terrace terr
trwy throughway
trce trace
trces traces
trak track trk trks
tracks
trfy trafficway
trl trail
trls trails
tunl tunnel tunel tunnl
tpke turnpike trnpk turnpk tpk
upas underpass
un union
uns unions
vly valley vally vlly
vlys valleys
viaduct vdct viadct
via
vw view
vws views
vlg village vill villag villg villiage
vlgs villages
vl ville
vis vista vist vst vsta
walk
walks
wall
way wy
ways
wl well
wls wells
sainte ste
ch chemin
montee mtee
imp impasse
prom promenade
crois croissant
circt circuit
close
conc concession
cds culdesac
espl esplanade
gate
grnds grounds
hghlds highlands
line
link
lkout lookout
ptway pathway
plat plateau
pvt private
quay
rg range
rise
siderd sideroad
tline townline
wharf
wynd
`
