"""Opposites and comparisons that run the other way."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pipeline.guards.labels import Guard, Kind
from pipeline.guards.marks import ALIGNED, Mark, Phrases, Sentence, forms_of, phrase_table
from pipeline.guards.words import rows, split

OPPOSITE_PAIRS = """
because | although though despite
central centre centralise centralised centralisation centrally whitehall | local locally localise localised localism
    decentralise decentralised decentralisation devolve devolution
national nationally nationwide | local locally localised regional regionally
retain retention retained keep kept | devolve devolution devolved delegate delegation transfer relinquish release
keep kept | abandon scrap abolish discard drop end close | remove
before beforehand prior | after afterwards following
early earlier outset start beginning | late later end close
first | last
commissioner purchaser buyer | provider supplier contractor seller
increase increased grow grew grown rise rose risen rising expand expansion growth raise raised up | reduce reduction
    decrease fall fell fallen decline shrink shrank cut cutting cuts drop lower lowered contract contraction down
increase increasing more | reduce less
statutory | voluntary discretionary
public publicly | private privately privatise
prevention preventing preventative preventive prevent | cure treatment remedial cause caused
input | outcome output result
process | outcome result
cost costs burden | benefit benefits saving savings
expensive costly | cheap inexpensive affordable
short-term short term | long-term long term
short shorter shorten | long longer lengthen lengthy
temporary temporarily | permanent permanently lasting
formal formally | informal informally
mandatory compulsory obligatory | optional voluntary
mandatory compulsory obligatory | voluntary
adult adults | child children young youth
old older elderly | young younger youth
old | new
urban city cities town | rural countryside village
success succeed succeeded successful successfully thrive | failure fail failed failing unsuccessful
agree agreed agreement consensus | disagree disagreed disagreement dispute
include inclusion inclusive involve involvement | exclude exclusion exclusive
support supported backed back favour favoured endorse endorsed | oppose opposed opposition resist resisted
allow permit permitted let enable enabled | forbid forbade forbidden prohibit prevent prevented ban banned bar block
strength strong strongly strengthen strengthened stronger | weakness weak weakly weaken weakened weaker
generic generalist | specialist specialised specific
general broad broadly | specific narrow narrowly
top-down top down | bottom-up bottom up
top | bottom
advantage | disadvantage
opportunity chance | threat risk
risk risky | safe safety
easy easier easily simple simply | difficult hard harder hardest complex complicated
simple simplify simplified | complex complicate complicated
open openly transparent | closed secretive secret
open opened | close closed
clear clearly clarity | unclear vague confused confusing ambiguous
rigid inflexible prescriptive | flexible flexibility
accept accepted acceptance welcome welcomed embrace | reject rejected rejection refuse refused decline
begin began begun start started launch continue | stop stopped end ended cease finish halt
continue continued | discontinue stop stopped end ended cease
gain gained win won | lose lost loss
give gave given | take took taken
buy bought purchase | sell sold
lend lent | borrow
pay paid | receive
employer | employee
teacher | pupil student
landlord | tenant
parent | child children
majority most | minority few
maximum maximise | minimum minimise
rich wealthy affluent | poor deprived
demand | supply
quality | quantity
qualitative | quantitative
collective collectively jointly shared together joint | individual individually separately alone separate
integrate integration integrated join joined merge merged unify | separate separation fragment fragmentation split
    divide divided
cooperate cooperation collaborate collaboration collaborative partnership | compete competition competitive rivalry
proactive proactively | reactive reactively
active actively | passive passively
direct directly | indirect indirectly
internal internally in-house | external externally outsource outsourced outsourcing
insource | outsource
inside | outside
theory theoretical | practice practical
planned plan | unplanned ad-hoc spontaneous emergency
capital | revenue
universal universally | targeted selective means-tested
fixed | variable
stable stability | unstable volatile turbulence
certain certainty | uncertain uncertainty doubt
confident confidence trust trusted | doubtful distrust mistrust suspicion
positive positively | negative negatively
good | bad poor harmful
think thought believe believed sure | doubt doubted doubtful
save saved saving savings | cost costs waste wasted spend spent lose
advance | arrears
share shared pooled pool | keep kept stay stayed retain hoard
stay stayed remain remained | leave left move moved go went
keep out stay out | take part join joined
included including inclusive | excepted except excluding excluded exempt
value valued prize | undervalue undervalued neglect neglected ignore ignored
overspend overspent | underspend underspent
appropriate suitable proper | inappropriate unsuitable improper
useful valuable worthwhile | useless worthless wasteful pointless
possible feasible realistic | impossible unrealistic unworkable
reliable robust sound | unreliable shaky flawed
honest honestly | dishonest misleading
well | badly poorly
adequately properly | inadequately poorly
healthy | ill unhealthy sick
employed working | unemployed jobless
attend attended present | miss missed absent
known familiar | unknown unfamiliar
willing keen eager happy | unwilling reluctant hesitant
welcome | unwelcome resented
popular | unpopular
aware | unaware ignorant
calm | tense
common widespread usual | rare unusual exceptional
typical | exceptional unusual
frequent | infrequent rare
dense crowded | sparse empty
heavy | light
tight | loose
hot | cold
thick | thin
full | empty
major main | minor marginal
dominant | marginal
significant considerable substantial marked | insignificant negligible slight marginal modest
generous | meagre
reasonable | unreasonable excessive
ambitious bold brave | cautious timid modest
innovative novel radical | traditional conventional conservative
modern | outdated
realistic | unrealistic
relevant | irrelevant
legitimate | illegitimate
coherent joined-up | incoherent disjointed fragmented
consistent consistently | inconsistent inconsistently patchy
predictable | unpredictable
transparent | opaque
diverse | homogeneous uniform
single | multiple several
unite united | divide divided
together | apart
closer | apart
converge | diverge
connect connected | disconnect disconnected isolate isolated
attract attracted recruit | deter deterred lose lost repel
protect protected preserve safeguard | expose exposed threaten threatened endanger
preserve conserve | destroy change
maintain maintained sustain sustained | abandon abandoned neglect
empower empowered | disempower disempowered
motivate motivated inspire | demotivate demotivated demoralise demoralised
reassure reassured | alarm alarmed worry worried
satisfied pleased | disappointed dissatisfied unhappy
praise praised | criticise criticised blame blamed
respect respected | despise contempt
help helped assist | hurt hinder hindered
solve solved resolve resolved | worsen cause create created
ease eased relieve alleviate | aggravate exacerbate worsen
clarify clarified | obscure obscured confuse confused
reveal revealed disclose publish published | hide hid hidden conceal concealed withhold withheld
recognise recognised acknowledge acknowledged | deny denied ignore ignored
appoint appointed hire hired recruit recruited | dismiss dismissed sack sacked
arrive enter join | leave exit
import | export
push | pull
send | receive
ask asked | answer answered
teach taught | learn learnt learned
promise promised | threaten
win won | lose lost
pass passed | fail failed
hit meet met achieve achieved | miss missed
exceed exceeded | undershoot
underestimate underestimated | overestimate overestimated exaggerate
understand understood | misunderstand misunderstood
right rightly correct correctly | wrong wrongly mistaken incorrect
true | false untrue
fact | opinion myth
real | imaginary
natural | artificial
original | copy
gradual gradually | sudden suddenly abrupt abruptly
immediate immediately | eventual eventually delayed
urgent | routine
regular | irregular
intended intentional deliberate deliberately | unintended accidental
expected anticipated | unexpected surprising
necessary needed | superfluous redundant
innocent | guilty
win-win | zero-sum
relational relationship relationships | transactional contractual
person-centred | process-driven
holistic whole-system | silo siloed piecemeal
preventable | unavoidable inevitable
avoidable | unavoidable inevitable
reversible | irreversible
renew renewed extend extended | terminate terminated cancel cancelled
launch launched | close closed
open-ended | time-limited
ring-fenced | unringfenced
in-year | multi-year
annual | multi-year
upfront | retrospective
monthly | yearly
day daytime | night
weekday | weekend
summer | winter
morning | afternoon evening
inner | outer
county | district
upper-tier | lower-tier
large-scale | small-scale
home domestic | abroad foreign
native | foreign
citizen | foreigner
owner | tenant
lender | borrower
winner | loser
friend partner | rival competitor opponent
leader | follower
expert experts professional professionals | amateur amateurs lay
senior | junior
full-time | part-time
paid | unpaid volunteer
skilled | unskilled
literate | illiterate
married | single
majority | minority
debit | credit
asset-based strengths-based | deficit-based
hope hopes hoped | fear fears feared despair
calmly | angrily
liked | dislike disliked
prefer preferred | avoid reject rejected
want wanted seek sought | avoid resist
demanded | resisted
promote promoted | prevent discourage undermine
foster nurture | stifle suppress stifled
stimulate | stifle suppress
free freed | constrain constrained restrict restricted
autonomy freedom | constraint prescription control
simplicity | complexity
certainty | uncertainty
stability | instability turbulence change
continuity | change disruption
harmony consensus | conflict
cooperation collaboration | competition conflict
peace | conflict
trust | fear suspicion
optimism | pessimism
ability | inability
ally | adversary
bigger | smaller
leave | remain
advance advanced progress progressed | retreat stall stalled regress
accelerate accelerated | stall stalled slow
bring brought together | drive drove driven apart
attractive | unattractive off-putting
credible | implausible
independent | reliant
proportionate | disproportionate excessive
light-touch | heavy-handed burdensome
deregulate deregulation | regulate regulation
liberalise | tighten
nationalise | privatise
recommission | decommission
commission commissioned | decommission decommissioned
helpful help helped | harmful hinder hindered harm harmed obstruct
encourage encouraged motivate | discourage discouraged deter deterred
improve improved improvement enhance | worsen worsened deteriorate deterioration damage damaged undermine undermined
    impair
build | destroy dismantle
create created | destroy abolish abolished
add added | remove removed subtract
enable facilitate | hinder obstruct prevent
speed accelerate fast quick quickly rapid rapidly swift | slow slowly delay delayed
sufficient adequate adequately enough ample plenty | insufficient inadequate inadequately scarce too little too few
    too short too small too late
essential vital crucial necessary important key | unnecessary optional irrelevant trivial unimportant pointless
    secondary
benefit asset | burden liability
equal equality equally fair | unequal inequality unequally unfair
same similar alike | different differ differently
visible | hidden invisible
voluntary volunteer | paid
full fully wholly entirely completely | partial partially partly
complete | incomplete partial
always | never rarely seldom sometimes occasionally
often frequently regularly usually commonly | rarely seldom never infrequently occasionally
everyone everybody all | nobody none
heard hear listen listened heed | ignore ignored disregard overlook overlooked
ignore ignored overlook overlooked neglect neglected | consider considered heed respect value valued
present | absent
presence | absence
past | future
high highly | low
big large largely major | small minor little
great | little small
much | little
many | few
wide widely | narrow
deep | shallow
near | far distant
above | below
over | under
north northern | south southern
east eastern | west western
left | right
male men man boys | female women woman girls
lead led leader | follow followed follower
acute hospital | community primary
preventive | crisis
autonomy autonomous independence independent independently | control controlled dependence dependent
efficient efficiently | wasteful
effective | ineffective
likes | dislikes
love | hate
legal lawful | illegal unlawful
profit for-profit | loss non-profit not-for-profit
surplus | deficit
income revenue | expenditure spending expense
invest investment reinvest | disinvest disinvestment withdraw withdrawal cut cuts
accountable | unaccountable
compliance comply complied | breach breached
consult consulted | impose imposed
question challenge challenged | accept endorse
proud | ashamed
optimistic optimism hopeful | pessimistic pessimism
satisfied satisfaction happy | dissatisfied dissatisfaction unhappy frustrated
welcome welcomed | regret regretted deplore
best | worst
opt in | opt out
in favour | against
for | against
with | without
upstream | downstream
horizontal | vertical
forward | backward
expand extend extended | restrict restricted limit limited
tighten tightened | loosen loosened relax relaxed
standardised standardise uniform uniformity consistent | varied diverse variable tailored bespoke
one-size-fits-all | tailored bespoke
grant grants | contract contracts loan
evidence evidence-based | anecdote anecdotal guesswork
strategic | operational tactical
front-line frontline | back-office back office
face-to-face face to face in person | online remote remotely digital
qualified | unqualified
ready | unready
rise | fall
arrive | leave depart
remember | forget forgot forgotten
admit admitted | deny denied
confirm confirmed | deny denied contradict
approve approved approval | reject rejected refuse refused
attract | repel
ally | enemy opponent
raise | lower
credit | blame
reward rewarded incentive | punish punished penalise penalised penalty sanction
tolerate | forbid
""".strip()

COMPARISON_PAIRS = """
more | less fewer
higher | lower
better | worse
greater larger bigger | smaller lesser fewer
longer | shorter
easier | harder
stronger | weaker
cheaper | dearer costlier
faster quicker | slower
earlier sooner | later
older | younger
wider broader | narrower
closer nearer | further
richer | poorer
safer | riskier
above | below
most | least
highest | lowest
best | worst
largest biggest greatest | smallest
""".strip()

SAME_FORM = frozenset(
    split("""
    hardly largely keying ending ended closely simply shortly lately lowly backing fairly leading""")
)
"""Forms made by rule that mean something else."""

TWO_WORDS = frozenset(
    split(
        """short term|long term|keep out|stay out|take part|top down|bottom up|too little|too few|too short|too small|
        too late|back office|face to face|in person|opt in|opt out|in favour|in house""",
        "|",
    )
)
"""Phrases among the pairs above; every other word there stands by itself."""


@cache
def opposites() -> tuple[Phrases, dict[str, frozenset[str]], frozenset[str]]:
    """Return the words that have an opposite, each word's opposites, and the words of comparison."""
    against: dict[str, set[str]] = {}
    forms: dict[str, str] = {}
    compared: set[str] = set()
    for table in (COMPARISON_PAIRS, OPPOSITE_PAIRS):
        for line in rows(table):
            sides = [_side(side) for side in line.split("|")][:2]
            for ours, theirs in (sides, sides[::-1]):
                for word in ours:
                    against.setdefault(word, set()).update(theirs)
                    for form in forms_of(word):
                        if form not in SAME_FORM:
                            forms.setdefault(form, word)
                    forms[word] = word
            if table is COMPARISON_PAIRS:
                compared.update(*sides)
    idioms = [(idiom, "") for idiom in ("at least", "at most", "at first", "at last", "in the first place", "as well")]
    phrases = phrase_table([*idioms, *sorted(forms.items())])
    return phrases, {word: frozenset(words) for word, words in against.items()}, frozenset(compared)


def _side(side: str) -> list[str]:
    """Return the words and phrases of one side of a pair."""
    words = side.split()
    found = []
    at = 0
    while at < len(words):
        for size in (3, 2):
            if " ".join(words[at : at + size]) in TWO_WORDS:
                found.append(" ".join(words[at : at + size]))
                at += size
                break
        else:
            found.append(words[at].replace("-", " "))
            at += 1
    return found


def by_opposite(a: Sentence, b: Sentence, alike: float, explained: set[tuple[int, int]]) -> Iterator[Guard]:
    """Yield the words on one side whose opposite stands on the other; ``explained`` learns which denials undo it."""
    _, against, compared = opposites()
    for mine in a.opposites:
        if _has(b, a, mine) or _akin(mine, a, b):
            continue
        for yours in b.opposites:
            if yours.what not in against[mine.what] or _has(a, b, yours) or _akin(yours, b, a):
                continue
            if alike < ALIGNED and not set(mine.bears_on) & set(yours.bears_on):
                continue
            denied = _denying(a, mine), _denying(b, yours)
            if bool(denied[0]) != bool(denied[1]):
                explained.update((side, mark.at) for side in (0, 1) for mark in denied[side])
                continue
            kind: Kind = "comparison" if {mine.what, yours.what} <= compared else "opposite"
            yield Guard(kind, a.said(mine.at, mine.end), b.said(yours.at, yours.end))


def _has(text: Sentence, own: Sentence, mark: Mark) -> bool:
    """Whether a sentence has the words of a mark too; of “opted in” both."""
    return all(stem in text.stems for stem in own.stems[mark.at : mark.end])


def _akin(mark: Mark, own: Sentence, other: Sentence) -> bool:
    """Whether the other side has a word of about the same meaning: one that shares two opposites with it."""
    _, against, _ = opposites()
    mine = against[mark.what]
    return any(
        mark.what == yours.what or (len(mine & against[yours.what]) > 1 and mark.what not in against[yours.what])
        for yours in other.opposites
        if other.stems[yours.at] not in own.stems
    )


def _denying(text: Sentence, mark: Mark) -> list[Mark]:
    return [
        denial
        for denial in text.negations
        if denial.what == "denial" and denial.at != mark.at and text.stems[mark.at] in denial.bears_on
    ]
