"""The words that the search for names knows: how people speak, what else names are, what is no person."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SAYING = _set(
    """said says explained explains noted observed commented remarked added argued asked replied answered told
    suggested stated reported recalled described mentioned emphasised emphasized stressed felt thought believed
    agreed disagreed proposed claimed insisted admitted warned confirmed highlighted raised shared spoke"""
)
"""Verbs by which words are given to somebody."""

PLAINLY_SAYING = _set("said says explained told asked replied remarked commented recalled felt thought added spoke")
"""Those of them that only a person does."""

TITLES = _set("mr mrs ms miss mx dr prof professor sir dame lord lady rev revd reverend cllr councillor")

LETTERS_AFTER = _set("obe mbe cbe dbe kbe qc kc jp phd ma msc bsc ba mba cqsw frsa mp msp ms mep dl qpm")

PARTICLES = _set("van von de der den del della di da dos das du la le ten ter bin binti ibn al el ap st")

ORDINARY = _set(
    """abbot able ace acre adder agent al alder allow alloy amber an angel apple arch archer art ash ask autumn
    baker bacon badger bail ball band bank banks bar barber bark barn baron barrel base bass beach beacon bean bear
    beard beer bell belt bench bend berry best bill bird birch bishop black blackbird blank blaze blow blue blunt
    board body bold bolt bond bone boon booth border bow bowl bowler box boy bowman brain bran branch brand brass
    brave bray bread bridge bridges bright broad brook brooks broom brown brush buck bud bugler bull bunting bunch
    burn burns burrow bush butcher butler butter button buttons byway cable cage cake call camp can candy cannon
    carder care carol carp carpenter carpet cart cart carver case cash castle caution cave centre chamber chambers
    champion chance chancellor change chapel chaplain charity charge chase cheer cheese cherry chew child childs
    chin choice church clapper clay clear clerk cliff close cloud clover coach coal coat cock coffee coffin coin
    cold cole collar comb comfort common constable cook cool coop cope copper coral cord core corner corn cotton
    couch count counter court cousin cow coward cox crane creed crisp cross crow crown crystal cup curry curtain
    cutter daisy dale dance dark dawn day days deacon deal dean dear death deed deer diamond dew dill dime ditch
    dive do dock dolphin don door dot dove downs drake dray drinkwater driver drum dry duck duke dust dusty dyer
    eager eagle earl early earnest east eden edge elder elm end english even ever every fair fairy faith falcon
    fall falls fan far farm farmer farthing favour fear fell fern ferry few fiddler field fielder fields fig finch
    fine finish fish fisher fist fitter flag flagg flame flax fleet flint flood flower flowers fly foot force ford
    fore forest forester fort forth fortune forward fountain fox frame frank franks free freeman freer friend frost
    fry full fuller gale gain gallant game gander gardener garland garner garnet gate gates gene gent gentle giant
    gift ginger given glass glen glide goal goat god gold golden gone good gore grace grain grand grange grant
    grass grave graves gray great green greenwood grey grief groom grove grover grow guard guest guild gull gun
    gunner guy hail hall ham hammer hand hands handy happy hard hardy hare harness harrow harry harvest haste hatch
    hatter haven hawk hawker hay hazel head heal heap heard heart heath heather heaven hedge hedges help herd hero
    heron hill hills him hind hints hire ho hobby hoe hold holder hole holiday holly holy home honey honour hood
    hook hope horn horse hose host hound house howl how hug hunt hunter hurley ice iris iron isle ivory ivy jack
    jackdaw jade jar jay jean jewel jolly joy judge judges junior just justice keen keep keeper kettle key keys kid
    kill kind king kings kiss kit kite kitchen knapper knave knell knife knight knights knock knot lack lad lake
    lamb lambs lance land lane lark last latch lawn law laws lay leach leader leaf lean leap learned lee left leg
    lemon lent less let liberty lien light lightfoot lily lime linen line lines link links lion list little live
    livings loader loan lock locke locks lodge loft long longer lot love lovely low lower luck lucky lull lunch
    lung lusty lyre mace maiden mail main major maker male mallet man mann manly manner manners march mark marks
    marsh mask mason mass mast master masters matters may mead meadow meadows mean means meat mercer merchant mercy
    merit mew middle might miles mill miller mills mine miner mint mist mitre mole monday money monk moody moon
    moor more moss mouse mountain mouth mule muse nail name nation near neat new newman next nice nick night
    nightingale noble noon north nun nurse nut nutter oak oaks oar old olive only orange orchard order osprey other
    otter over owl own oxer pace pack packer page paige pain paint painter palfrey palm pane pardon parent parish
    park parker parks parson part partridge pass past pastor pat patch path patience paver pay peace peach peacock
    pear pearl pearls peck peel peer pen penny people pepper perch perfect perry pet pheasant pick pie pier pigeon
    pike pilgrim pill pillow pinch pine pink piper pitcher place plain plaster plater player plum plumber pole pond
    pool poole poor pope porter post pot pound power powers pray preacher pride priest prime prince prior prudence
    price proctor proper proud prudent pry pull purchase purple quail quarry queen quick quill quinn rabbit race
    rain rains ram ramp ran range ranger rasp rat raven ray read reader ready ream rector reed reeve regal regent
    rest reward rich riches rick ridge ridley right ring rise river rivers road roads roach roan rob robin rock roe
    roller rood rook room root roper rose rosemary rough round rouse row rower royal rudder rush rusk rust sack sage
    saint sale salmon salt samples sand sands sandy savage savory saw sawyer say scales school sea seal seaman
    search sell seller senior sergeant service set sex shade shank sharp shave shears sheep shell shelter shepherd
    sheriff shield shine ship shoe shore short shovel shore silk silver simple singer singular skelter skill skin
    skip sky slack slate sleep slight sly small smart smiles smoker snail snare snow so soar sole son song soul
    south southern spark sparks sparrow speak spear speed spell spelling spence spend spinner spire spokes spring
    sprout spur squire squires stable staff stag stage stair stamp star stark starling start state stay steel
    steele steer step sterling stern steward stick still stock stocks stoke stone stones stoner storey stork storm
    story stout strange street stride strong style such sue sugar summer summers sun sunny swallow swan sweet
    sweeting swift sword tab tack tailor talent tall tapper tar teacher teal tempest temple tench tester thatcher
    thick thirst thorn thrift thrower thrush thumb tide till tiller tin tinker to toe toil tom tongue tool tooth
    top tower towers town townsend toy trader travel travers treasure tree trigger trim trip trout true trumpet
    trusty tuck tucker turf turn turnip turtle twig twin under up upright usher vain vale van veil venture verger
    verity vicar victor viking vine violet viper virgin virtue voice wade wager wagon wait waite wake walk walker
    wall walls war ward warden wards ware warner warren was wash waterfall waters watchman water wax way ways
    weaver wedge weeks welcome weld well wells west wheat wheel when white whiteman whiting who wick wide wild
    wilder will wills win wind window wine winkle winner winter winters wise wisdom wish wit wolf wonder wood
    woodcock woodman woods wool word words workman worn worth wrangler wrong yard year yeoman yes young younger
    youngs zeal"""
)
"""Names that are ordinary words of English too: Price, Young, Will."""

OTHER_NAMES = _set(
    """april may june august march monday friday sunday easter christmas london norwich lincoln york kent essex
    derby bolton preston durham lancaster chester sutton burton barnsley bath wells ireland england scotland wales
    holland france poland birmingham bristol bradford leeds hull stafford warwick windsor kingston milton newton
    norton clifton hampton ashford bedford stanley nelson hastings wakefield huntingdon buckingham hereford
    worcester gloucester leicester oxford cambridge luton poole havant wigan bury kendal carlisle blackburn burnley
    halifax huddersfield sheffield rochdale oldham stockport salford middleton crewe lichfield stoke dudley
    redditch wolverhampton coventry rugby kettering corby peterborough ipswich colchester chelmsford maidstone
    dover rochester guildford reading slough swindon salisbury winchester andover portland weymouth exeter plymouth
    truro cornwall devon dorset somerset norfolk suffolk rutland cheshire cumberland kentish washington paris
    florence chelsea victoria sydney perth stirling hamilton irvine paisley cardiff swansea barry newport english
    french irish scottish welsh british german roman norman holmes street"""
)
"""Names that places, months, days and peoples have too, always with a capital: Norwich, May."""

GIVEN = _set(
    """aaron abdul abigail adam adrian ahmed aisha alan alastair albert alex alexander alexandra alfred ali alice
    alison amanda amelia amina amir amy andrea andrew angela anita ann anna anne annette anthony antonia arthur
    asif audrey barbara barry beatrice belinda ben benjamin bernard beth betty brenda brian bridget bruce callum
    cameron carl carla carole caroline catherine cathy charles charlie charlotte cheryl chloe chris christina
    christine christopher claire clare clive colin connor craig daniel darren dave david dawn debbie deborah denise
    dennis derek diana diane dominic donald donna dorothy douglas duncan edward eileen elaine eleanor elizabeth
    ellen emily emma eric erica ethan eva evelyn fatima fiona frances francesca francis fred frederick gareth gary
    gavin gemma geoff geoffrey george gerald gillian gordon graeme graham greg hannah harold harriet hassan helen
    henry hilary howard hugh hussein ian imran ingrid irene isaac isabel isabella isobel jacob jacqueline jacqui
    james jamie jane janet janice jason jasmine jayne jeff jenna jennifer jenny jeremy jessica jill jim jo joan
    joanna joanne joe joel john jon jonathan joseph joshua joyce judith judy julia julian julie karen kate
    katherine kathleen kathryn katie keith kelly kenneth kerry kevin kim kirsty kumar laura lauren lawrence leanne
    lesley leslie lewis liam linda lisa liz lorna lorraine louise lucy luke lynn lynne malcolm mandy marcus
    margaret maria marian marie marilyn marion martha mary matthew maureen megan melanie melissa michael michelle
    mick mike miriam mohammad mohammed moira monica muhammad nadia nancy naomi natalie natasha neil nicholas nicola
    nigel nikki noah nora norma oliver olivia omar oscar owen pam pamela patricia patrick paul paula pauline peggy
    pete peter phil philip phillip phoebe phyllis rachael rachel raj rajesh ralph raymond rebecca rhys richard rita
    robert roger ronald rosie ross roy russell ruth ryan sally sam samantha samuel sandra sanjay sara sarah scott
    sean sharon shaun sheila shirley simon sonia sophia sophie stephanie stephen steve steven stuart susan suzanne
    sylvia tariq teresa terry thelma theresa thomas tim timothy tina tony tracey tracy trevor usman valerie vanessa
    vera veronica vincent vivien walter wayne wendy william yasmin yusuf yvonne zara zoe"""
)
"""First names that are common in the United Kingdom and are hardly anything else."""

RATHER_NAMES = _set("""barry carol daisy gene harry hazel heather holly jean lee lily nick perry rosemary tom""")
"""Those of the ordinary words and names of places that, with a capital, are a first name far more often."""

RATHER_WORDS = _set(
    """al angel apr asia aug austin bethany beverley brooklyn china christian dallas dawn dec devon feb fri georgia
    india israel jan jordan jul jun madison mar mercedes mon montana nov oct sat savannah sept sierra sun thu tue
    virginia wed"""
)
"""First names that are rather places, brands, months, days and peoples, beside the other names."""

NICKNAMES = _set("bob drew ed guy max rex rob ruby")
"""First names that are words too, beside the ordinary ones."""

CALLED_AFTER = _set(
    "st saint santa san king queen prince princess pope lake mount fort port cape storm hurricane big uncle"
)
"""What stands before a first name that is that of a saint, a ruler, a place or a thing."""

BEFORE_ANYBODY = _set(
    """dear hi hello hey thanks thank cheers re cc ask asked tell action actions note notes per via yes sorry regards"""
)
"""What stands with a capital before somebody who is spoken to."""

BEFORE_A_THING = _set(
    """the a an this that these those each every any no another our their its your his her my per annex appendix part
    figure table section group room grade type class form session"""
)
"""What stands before an abbreviation and before nobody's initials."""

SMALL_WORDS = _set("of and for the in on to with at by a an")
"""Words whose letters an abbreviation may leave out."""

ABBREVIATIONS = _set(
    """ac ad ai am amp aob api asap av ba bc bcc bme bsc ca cad cbi cbt cc cd cds ceo cfo ci cia cio co coo cps crc
    crcs css cv dc dcms de defra dfe dh dhsc dj dl dna doc docx dr dss dvd dwp ea ec eea eg eng esf esl esrc
    etc eu eur fa faq faqs fc fe fm ft fy gb gbp gcse gdp gdpr gla gm gmt gov gp gps hd he hiv hm hmcts hmg
    hmi hmip hmpps hmp hmrc hmt hq hr html http https ibid id ie ii iii iom ip ipp iq irc isbn iso issn it iv ix jp
    jpeg jpg json kb kc kg km kpi kpis la lab lbs lea led lep lgbt llp ltd ma max mb mbe mba med mep mg mi min mod
    moj mp mps mrs ms msc msp nao nb nd ne nhs ni nj no noms nos ns nspcc nw ny obe od oecd ofsted ok ons op os oxon
    pa pbr pc pcc pccs pcs pct pcts pdf pe phd phe pin pl plc pm png po pp ppp pr ps psa pta pto pts qa qc qr
    ra raf ram rd re ref rev rip rna roi rsa rsvp rtf sa sat se sec seo seq sib sibs sme smes sms sn sos sp spa spss
    sq st std svg sw ta tba tbc tb tel toc tsp tv uel uk uksa un unesco url us usa usb utc va vat vcs vcse vi
    vii viii vip viz vol vp vs wa wc wi wifi wmv www xi xii xiii xiv xix xl xml xmp xv xvi xvii xx yjb yoi yot yots
    zip
    aria page sdk uuid wcag xs io lf ui vm
    ah aim air all and any arm art ask ate bag bar bed bet big bit bow box boy bus buy can cap car cut dad day did die
    dog due dry eat egg end eye far fat fit fix fly fun gap gas get go got gun guy had has hat her hey hi him his hit
    hot how i if ill in is its job joy key kid law lay leg let lie lot low mad man many map may men mix mum my net new
    nil nor not now odd of off oh old one or our out own pay per pot put ran raw rid run sad saw say see set she shy
    sit six so son sum tax tea ten the too top try two under up use via war was way we well who why will win won yes
    yet you an as at be but by do for from here me more nine most on to up"""
)
"""Letters in capitals that are hardly anybody's: common abbreviations, numbers of Rome, and words of a heading.

Among them are those of the field (NOMS, PCC, YOT), of Word's fields and of files.
"""

NO_PERSON = _set(
    """academy agencies agency alliance annex appendix army association associates assembly authorities authority
    bank bench best board bodies body bonds borough branch bureau cabinet care centre charities charity church
    citizens city clinic college colleagues commission commissioner commissioners commissioning committee
    communities community companies company confederation conference congress consortium constabulary contract
    corporation council councils counties county court courts coalition crown delegates department departments
    development directorate director directors district edition education employers enterprise executive executives
    families federation figure finance finding findings fire force foundation forum fund funders gazette general
    government governor governors group groups guidance health home homes hospital hospitals house housing industry
    initiative inspectorate institute institution judges justice kingdom league learning legal limited local
    localism ltd magistrates management manager managers market media member members minister ministers ministry
    mission national network networks news nhs offender offenders office officer officers official officials
    ombudsman organisation organisations panel parliament parties partner partners partnership partnerships party
    people places plc point points police policy prison prisons probation procurement professionals programme
    project prosecution provider providers public queen king railway region regional regulator report research
    results royal school schools secretariat secretary sector seminar service services session sessions set social
    societies society staff standard state states strategy supplier suppliers table team teams the theme times town
    treasury tribunal trust trusts union unions unit united universities university users value village voluntary
    volunteers ward welfare women young youth chief chair chairman chairwoman deputy assistant head senior leader
    leaders speaker speakers participant participants facilitator facilitators representative representatives
    chancellor president prime mayor nurse nurses doctor doctors practitioner practitioners worker workers carers
    carer chapter section part case study round invented example north south east west northern southern eastern
    western central thing things thames severn mersey valley valleys avenue avenues estuary coast riverside futures
    pathways ventures solutions voices choices horizons opportunities"""
)
"""Words that stand in the names of bodies, of offices and of parts of a report, and in no name of a person."""

NO_NAME = _set(
    """a about according after again all also although always among an and another any anybody anyone as at because
    before both but by can clearly could despite did do does during each either even every everybody everyone few
    finally first for from further generally given had has have having he her here his how however i if in indeed
    instead it its last later less like likewise many may meanwhile might moreover more most much must my near
    neither never nevertheless next no nobody none nor not nothing now of often on once one only or other others
    otherwise our over overall perhaps previously rather recently second several she should similarly since so some
    somebody someone something sometimes still such than that the their them then there therefore these they third
    this those though through thus to today together too under unless until up upon us usually was we well were
    what when where whereas whether which while whilst who whose why with within without would yes yet you your two
    three four five six seven eight nine ten"""
)
"""Words that start a sentence and no name."""

COUNTED = _set("one two three four five six seven eight nine ten first second third")
"""Those of them that count; with capitals after them they start the name of a body."""

ONE_PERSON = _set(
    """attendee chief chair chairman clinician clerk colleague commander commissioner consultant councillor
    delegate director doctor employee executive facilitator governor guest head lawyer leader magistrate manager
    member minister nurse officer official organiser participant partner person practitioner professional provider
    representative solicitor speaker spokesman spokesperson spokeswoman teacher trustee volunteer worker somebody
    someone"""
)
"""Words for one person in the room, by which their organisation must not be told."""
