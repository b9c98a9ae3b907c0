"""Pairs made by rule from sentences: negatives, which say two things, and light edits, which say one thing.

``negatives`` changes what a sentence says (a negation, a number, a date, an actor, a direction, a role ...),
``light_edits`` changes what carries no meaning. Both take any sentences; ``BASES`` are invented ones in the
manner of a learning group.
``NASTY`` are pairs written by hand that look alike and are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

BASES = tuple(
    line.strip()
    for line in """
    Commissioners should consult service users before the contract is awarded to a provider.
    All members supported early engagement with the voluntary sector.
    The council must publish its spending plans by 31 March 2013.
    Local providers were funded by the county council for three years.
    Pooled budgets increased the share of savings that stayed in the area.
    Most service users felt that their voice was heard by commissioners.
    The pilot reduced reoffending by 12 per cent within two years.
    Central government should devolve the design of services to local authorities.
    Payment by results transfers the financial risk from the commissioner to the provider.
    Small charities cannot carry the cost of bidding for contracts worth £2 million.
    Every contract over £50,000 should be advertised for at least 30 days.
    The police and the probation trust share data about high-risk offenders.
    Housing associations will repay the grant if fewer than 40 homes are built.
    The Treasury gave £1.5m to the pilot in June 2011.
    Trained volunteers may visit prisoners on Tuesdays and Fridays.
    The employer trains each apprentice for 18 months before the final assessment.
    Hospitals refer patients to social care only when a bed is needed.
    The minister praised the mayor for the reform of youth services.
    Social value should be given greater weight than price in evaluation.
    Early intervention costs less than residential care for young people.
    Schools in Leeds buy mental health support from the NHS trust.
    The commissioner should retain the demand risk under the new contract.
    No provider was excluded from the competition because of its size.
    Prime contractors should pay their subcontractors within 30 days of the invoice.
    Many councils have cut grants to advice centres since April 2010.
    Users with complex needs are often ignored by national programmes.
    The group recommends that data is published every quarter.
    Some commissioners lack the skills to manage large contracts.
    Both agencies agreed to move staff from the town hall to the community hub.
    The second phase starts after the evaluation of the first phase.
    Outcome-based contracts reward providers who help the hardest to reach.
    The new duty applies to England but not to Wales.
    Procurement rules allow commissioners to reserve contracts for social enterprises.
    The trust closed five of its nine centres in the north.
    Competitive dialogue made bidding slower and more expensive for small organisations.
    Parents can choose the nursery unless the places are full.
    The evaluation found that 3 in 10 families left the scheme early.
    Volunteers helped more older people to stay at home than the agency did.
    Grants are better than contracts for new community groups.
    The regulator inspects care homes twice a year without notice.
    Local people were asked to design the service with the provider.
    Savings made by the prison are returned to the Ministry of Justice.
    The board rejected the bid from the joint venture on 24 February 2012.
    Contracts should be shorter where the market is immature.
    Managers told the trade union that jobs would be protected.
    The fund lends money to charities at an interest rate of 4.5%.
    GPs referred 250 people to the exercise scheme last year.
    The county council leads the partnership and the districts deliver the work.
    Central targets harm local innovation in children's services.
    Evidence must be collected before services are redesigned.
    Health visitors see the mother and the baby together at six weeks.
    Regional offices gather the views of all tenants and residents.
    Social workers trust the families they support.
    The inspector said that the school had failed its pupils.
    Carers need respite more than they need equipment.
    Personal budgets give disabled people control over their support.
    The charity sold the building to the council for £750,000.
    Councillors voted for the merger by 21 votes to 18.
    Public health moved from the NHS to local government in 2013.
    Offenders who find work are less likely to return to prison.
    The consortium won the contract although its price was higher.
    Members disagreed about whether targets improve services.
    """.strip().splitlines()
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and the rule that made the second from the first."""

    kind: str
    a: str
    b: str


NASTY = tuple(
    tuple(side.strip().replace("\\n", "\n") for side in line.split(" | "))
    for line in """
    A commissioner should not also be a provider | A commissioner should not be a provider
    No provider may also sit on the panel | No provider may sit on the panel
    Providers may bid only if they also train staff | Providers may bid only if they train staff
    Contracts need six-monthly reviews by the board | Contracts need six monthly reviews by the board
    Three-day visits help families stay together | Three day visits help families stay together
    Often when users are moved they lose contact with staff | When users are often moved they lose contact with staff
    Often what users are told is wrong | What users are often told is wrong
    Service users should always be brought on the board | Service users should always be brought on board
    Safeguarding rules are often ignored in practice | Safeguarding rules are often ignored in the practice
    Work is done on site by trained volunteers | Work is done on the site by trained volunteers
    More trust is needed in the north of the country | More trusts are needed in the north of the country
    More authority is needed in the region | More authorities are needed in the region
    Only schools with A* results were asked to join | Only schools with A results were asked to join
    The inspector gave 4* to the home | The inspector gave 4 to the home
    People in debt need advice (refer to CAB) | People in debt need advice (refer to ACE)
    Children with attention problems need help (see ADHD) | Children with attention problems need help
    The 1st may fail to reach the target | The 1 may fail to reach the target
    Pupils need support from SEND staff early | Pupils need support from send staff early
    2.5 Posts were cut at the start of the year | Posts were cut at the start of the year
    Members were told that this support reduces harm | Members were told that support reduces harm
    Few providers were asked to bid | A few providers were asked to bid
    Little money was left for carers | A little money was left for carers
    A number of providers left the scheme | The number of providers left the scheme
    The most vulnerable users are missed by services | Most vulnerable users are missed by services
    The only providers consulted were charities | Only providers consulted were charities
    A third sector provider won the bid | The third of sector provider won the bid
    A third of providers left the sector | The third of providers left the sector
    The more users are asked the better | More users are asked the better
    People go to prison for debts unpaid | People go to the prison for debts unpaid
    Commissioners in charge of providers set the price | Commissioners in the charge of providers set the price
    It may be that funding falls in the north | It maybe that funding falls in the north
    Services are used every day by carers | Services are used everyday by carers
    Commissioners can not only fund the council | Commissioners can only fund the council
    Commissioners can share data with providers | Commissioners cannot share data with providers
    Commissioners can share data with providers | Commissioners can’t share data with providers
    Grants rather than contracts suit small charities | Contracts rather than grants suit small charities
    At least 30 homes will be built | At most 30 homes will be built
    Up to 30 homes will be built | Over 30 homes will be built
    Councils as well as charities pay rent | Councils instead of charities pay rent
    Not only councils pay rent in full | Only councils pay rent in full
    No more than 10 staff moved offices | More than 10 staff moved offices
    No fewer than 10 staff moved offices | Fewer than 10 staff moved offices
    Fewer users were seen in the north | Few users were seen in the north
    The provider’s support the council needs is late | The providers support the council needs is late
    Its funding of the council is late | It's funding of the council is late
    Staff at the table led the work on prisons | Staff at the table lead the work on prisons
    The principal reason was cost to councils | The principle reason was cost to councils
    The practice of the council was praised | The practise of the council was praised
    The manager will re-sign the lease in Leeds | The manager will resign the lease in Leeds
    The group will re-form the housing service | The group will reform the housing service
    The council will re-cover the chairs at once | The council will recover the chairs at once
    The co-op was closed by the council | The coop was closed by the council
    No one provider should run all services | No provider should run all services
    No. 1 provider should run all services | No one provider should run all services
    None of the providers should run services | One of the providers should run services
    Reducing offending matters to the council | Reducing offenders matters to the council
    Providers used to share data with councils | Providers use to share data with councils
    Providers are used to share data with councils | Providers used to share data with councils
    The good of the community comes before cost | The goods of the community come before cost
    The custom of the council is old | The customs of the council are old
    The mean of the payments was published | The means of the payments was published
    Saving in prisons was discussed at length | Savings in prisons were discussed at length
    New in the report is a section on prisons | News in the report is a section on prisons
    The damage was paid for by the council | The damages were paid for by the council
    The minute of the meeting was missed | The minutes of the meeting were missed
    The contract term was too long for charities | The contract terms were too long for charities
    The value of the service was shared | The values of the service were shared
    Fund US charities in the second phase | Fund us charities in the second phase
    Let IT decide how data is shared | Let it decide how data is shared
    The WHO decides how data is shared | The who decides how data is shared
    Councils in May share data with police | Councils in may share data with police
    The council sent the Bill to providers | The council sent the bill to providers
    Work with Mind on support for carers | Work with mind on support for carers
    Option A should be funded by the council | Option B should be funded by the council
    Option A should be funded by the council | The option should be funded by the council
    The “free” service costs families too much | The free service costs families too much
    The area is 10 m² for each child | The area is 10 m2 for each child
    Costs rose by 1½ per cent in Wales | Costs rose by 11/2 per cent in Wales
    Costs rose by 5% in the second year | Costs rose by 5 in the second year
    Costs rose by 5% in the second year | Costs rose by 5 percentage points in the second year
    Costs of £5 a head were agreed for users | Costs of $5 a head were agreed for users
    Costs of £5m were agreed for all users | Costs of £5bn were agreed for all users
    Costs of £5m were agreed for all users | Costs of £5 were agreed for all users
    The path is 5m from the school gate | The path is 5 million from the school gate
    The temperature fell to -5 in the hostel | The temperature fell to 5 in the hostel
    Between 10-12 staff left the prison | Between 10, 12 staff left the prison
    A rate of 1.5 applies to the contract | A rate of 15 applies to the contract
    A rate of .5 applies to the contract | A rate of 5 applies to the contract
    A rate of 2.3 applies to the contract | A rate of 23 applies to the contract
    The ratio of staff was 1:5 in homes | The ratio of staff was 5:1 in homes
    Twenty five-year contracts were let in Kent | Twenty-five year contracts were let in Kent
    Two year-old children were seen by nurses | Two-year-old children were seen by nurses
    Thirty-odd members came to the session | Thirty odd members came to the session
    More-qualified staff are needed in prisons | More qualified staff are needed in prisons
    Funding charities gave advice to councils | Funded charities gave advice to councils
    The funding organisations met in Leeds twice | The funded organisations met in Leeds twice
    Reduced costs for users were seen in Hull | Reducing costs for users was seen in Hull
    Providers, who failed, were paid in full | Providers who failed were paid in full
    No, funding should be kept in the area | No funding should be kept in the area
    We consulted users only. Commissioners decided | We consulted users. Only commissioners decided
    Users were asked only, commissioners decided | Users were asked, only commissioners decided
    Staff left often, users said in Leeds | Staff left, often users said in Leeds
    Should commissioners share the data early? | Commissioners should share the data early
    Commissioners should share the data early? | Commissioners should share the data early
    Commissioners should ~~not~~ share the data | Commissioners should not share the data
    Commissioners should *not* share the data | Commissioners should share the data
    The voluntary sector paid for the council | The voluntary sector was paid for by the council
    A member agreed that the pilot failed users | Members agreed that the pilot failed users
    The group felt the pilot failed some users | The group feared the pilot failed some users
    Members agreed that the pilot failed users | Members disagreed that the pilot failed users
    The group agreed that was wrong for users | The group agreed that is wrong for users
    It was agreed that savings stay local | It was agreed that savings never stay local
    It was agreed that savings stay local | It was argued that savings stay local
    It was agreed that savings stay local | It was agreed whether savings stay local
    Pooled budgets (section 75) help local partners | Pooled budgets (section 256) help local partners
    Providers (5) were paid late by councils | Providers (50) were paid late by councils
    Providers (not councils) pay for buildings | Providers (councils) pay for buildings
    Costs fell to 12. Members agreed on it | Costs fell to. Members agreed on it
    The costs fell to\\n12. Members agreed on it | The costs fell to\\n15. Members agreed on it
    The service is open 24/7 in the north | The service is open 24-7 in the north
    The council should publish guidance [a](http://x.org/1) | The council should publish guidance [a](http://x.org/2)
    Councils and/or charities should pay rent | Councils and charities should pay rent
    Staff from Leeds moved to Hull in 2011 | Staff from Hull moved to Leeds in 2011
    Mr Roberts chairs the board of the trust | Mr Robert chairs the board of the trust
    The councillor gave advice to service users | The counsellor gave advice to service users
    The universe of services is very wide | The university of services is very wide
    A general approach suits local providers | A generous approach suits local providers
    The organ of the community was heard | The organisation of the community was heard
    Commissioners shape how services are delivered | Commissioning shapes how services are delivered
    The police of the area was discussed | The policy of the area was discussed
    The community of providers should be better | The communication of providers should be better
    Trainers in prisons lack time and space | Trainees in prisons lack time and space
    Employers in Leeds lack time and skills | Employees in Leeds lack time and skills
    The experience of users informs services | The experiment of users informs services
    Services import important goods for carers | Services important import goods for carers
    Relatives of users were not consulted | Relative users were not consulted of
    Others users said the service was poor | Other users said the service was poor
    Beside the council the trust pays rent | Besides the council the trust pays rent
    Sometime in 2012 the trust will merge | Sometimes in 2012 the trust will merge
    Hundreds of users wrote to the minister | Hundred of users wrote to the minister
    Economics drives the choice of provider | Economic drives the choice of provider
    Services closed to users were reviewed | Services close to users were reviewed
    The council paid more to fewer providers | The council paid fewer to more providers
    The poor service was closed by the trust | The service was closed by the poor trust
    The service will start on 01/02/2012 | The service will start on 02/01/2012
    Ofsted inspected the home in March 2011 | Ofsted inspected the home in May 2011
    Users had been ignored by the council | Users will be ignored by the council
    Users were ignored by the council | Users are ignored by the council
    The council would fund the charity again | The council will fund the charity again
    The council will fund the charity again | The council funded the charity again
    Users who often complain are ignored by staff | Often users who complain are ignored by staff
    Staff that were moved resigned from the trust | Staff moved that were resigned from the trust
    All of the members did not agree on price | Not all of the members did agree on price
    Providers can bid unless they are councils | Providers can bid if they are councils
    Providers can bid except for small councils | Providers can bid for small councils
    Hardly any providers met the standard set | Any providers met the standard set
    The group was far from sure about the price | The group was sure about the price
    Funding was anything but secure for charities | Funding was secure for charities
    Funding was all but secure for charities | Funding was all secure for charities
    The bid was barely good enough to win | The bid was good enough to win
    The council failed to consult local people | The council consulted local people
    The council stopped funding local groups | The council funding local groups stopped
    A lack of funding harms small charities | Funding harms small charities of a lack
    Un-funded charities closed in the north | Funded charities closed in the north
    Non-statutory bodies may bid for the work | Statutory bodies may bid for the work
    Ex-offenders run the service in Leeds | Offenders run the service in Leeds
    The pre-contract phase took nine months | The post-contract phase took nine months
    Over-spending by councils was discussed | Under-spending by councils was discussed
    The vice-chair of the group was absent | The chair of the group was absent
    Anti-poverty work was cut by councils | Poverty work was cut by councils
    The Greater Manchester pilot saved money | The greatest Manchester pilot saved money
    Payment is due in 30 days from invoice | Payment is due in 30 days to invoice
    The 2nd pilot of the trust failed users | The 2 pilot of the trust failed users
    The service costs <5% of the budget | The service costs 5% of the budget
    The service costs ≥5% of the budget | The service costs ≤5% of the budget
    The service costs ±5% of the budget | The service costs +5% of the budget
    Half the providers were paid on time | The providers were paid on time
    In the past providers were paid on time | In past providers were paid on time
    The public funds services in the area | Public funds services in the area
    The last bids of the year were weak | Last bids of the year were weak
    Carers need help in the home at night | Carers need help in home at night
    Providers have trained staff in prisons | Providers have training staff in prisons
    Users were informed by the trust of changes | Users informed the trust of changes
    A shared budget was set up by the council | A share budget was set up by the council
    [x] Publish the spending plan in the autumn | [ ] Publish the spending plan in the autumn
    Fund the charity and not the council | Fund the charity and the council
    Fund either the charity or the council | Fund neither the charity nor the council
    Members say “we fund users of services” | Members say we fund users of services
    A mental-health trust trains police officers | A mental-health trust train police officers by
    The council, the charity said, was late | The council said the charity was late
    Trust-run homes for carers closed in June | Trusts run homes for carers closed in June
    Council-funded homes for carers in Hull | Council funded homes for carers in Hull
    User support groups for carers in Leeds | Users support groups for carers in Leeds
    Council plans for carers in the north | Councils plan for carers in the north
    In Leeds, council staff were asked to help | In Leeds council, staff were asked to help
    In Leeds the council staff were asked to help | In Leeds council the staff were asked to help
    In the first year, review costs were raised | In the first year review, costs were raised
    After the trust left, the council staff were paid | After the trust left the council, the staff were paid
    After the trust left, council staff were paid | After the trust left the council, staff were paid
    Staff worked 3 a week in the pilot in Hull | Staff worked 3 weeks in the pilot in Hull
    Do not fund homes, and cut rents in Hull | Do not fund homes and cut rents in Hull
    Councils where staff left were fined in June | Councils, where staff left, were fined in June
    Users ask the trust, the council thinks twice | Users ask the trust the council thinks twice
    Costs have risen, since the trust left in May | Costs have risen since the trust left in May
    Councils cut care, while trusts grew in size | Councils cut care while trusts grew in size
    Second, bids were better than those in Hull | Second bids were better than those in Hull
    Overall, costs in the pilot areas fell | Overall costs in the pilot areas fell
    Finally, approved plans were sent to staff | Finally approved plans were sent to staff
    Inside, the prison staff were trained by users | Inside the prison staff were trained by users
    Through, care leavers had help from the trust | Through care leavers had help from the trust
    Throughout, the pilot staff were asked for help | Throughout the pilot staff were asked for help
    The chair, Jane Smith, and the clerk agreed | The chair, Jane Smith and the clerk agreed
    The trust, a charity, and the council agreed | The trust, a charity and the council agreed
    The council’s partner, the trust, was late | The council’s partner the trust was late
    The bids, that is, the prices were too high | The bids that is the prices were too high
    The plan worked, as was said in the first bid | The plan worked as was said in the first bid
    The service did not close, as users had feared | The service did not close as users had feared
    The council did not cut the grant, to help users | The council did not cut the grant to help users
    The council did not act, for fear of costs | The council did not act for fear of costs
    The trust did not bid, with the council’s help | The trust did not bid with the council’s help
    Councils did not cut care, in the end | Councils did not cut care in the end
    Staff may not leave, until users are safe | Staff may not leave until users are safe
    We did not choose the trust, as it was cheap | We did not choose the trust as it was cheap
    The bid was not rejected, on grounds of cost | The bid was not rejected on grounds of cost
    The grants and loans, for homes were cut | The grants, and loans for homes, were cut
    The old men and women in care were asked | The old men, and women, in care were asked
    Fund homes for carers and staff, in Leeds | Fund homes for carers, and staff in Leeds
    Fund trusts and councils, or charities | Fund trusts, and councils or charities
    All the trusts were asked to pay | All the trust was asked to pay
    Most of the services were cut in June | Most of the service was cut in June
    Half of the councils were rebuilt in 2012 | Half of the council was rebuilt in 2012
    Carers are paid £5 a day by the council | Carers are paid £5 day by the council
    Staff earn £9 an hour in the new homes | Staff earn £9 hour in the new homes
    The ward holds 5 mg of drugs for users | The ward holds 5 Mg of drugs for users
    The site uses 5 MW of power a day | The site uses 5 mW of power a day
    The site uses 5 GB of data a day | The site uses 5 Gb of data a day
    The change was (5) for each of the wards | The change was 5 for each of the wards
    High-cost users need homes in Hull | High cost-users need homes in Hull
    Small-business support was cut in Hull | Small business-support was cut in Hull
    Three hundred-bed wards were built in Hull | Three hundred bed wards were built in Hull
    The provider’s staff were paid by users | The providers’ staff were paid by users
    The council’s duty is to the users | The councils’ duty is to the users
    The carer’s views were told to staff | Carers’ views were told to staff
    The rich help the poor in the north | The rich help poor in the north
    The staff read the notes to users | The staff reads the notes to users
    The council cut the grant to carers | The council cuts the grant to carers
    The trust let the homes to carers | The trust lets the homes to carers
    The trust set the price for homes | The trust sets the price for homes
    Costs hit the trust hard in the north | Costs hits the trust hard in the north
    The trust spread the word to carers | The trust spreads the word to carers
    The cost hurt carers in the north | The cost hurts carers in the north
    The team beat the target in June | The team beats the target in June
    The bid cost the trust more in June | The bid costs the trust more in June
    The trust split the work in June | The trust splits the work in June
    The board shed staff in the north | The board sheds staff in the north
    The trust quit the pilot in the north | The trust quits the pilot in the north
    The trust bid for work in the north | The trust bids for work in the north
    The trust upset users in the north | The trust upsets users in the north
    The trust broadcast the session | The trust broadcasts the session
    The group agreed that year to fund homes | Year to fund homes
    The group agreed that month the trust left | Month the trust left
    Members noted that day the trust closed homes | The day trust closed homes
    Members agreed that week staff should be paid | Week staff should be paid
    Members accepted that offer from the council | Offer from the council
    The group accepted that money from the trust | Money from the trust
    We recognised that man from the council | Man from the council
    Do not:\\n- fund homes\\n- cut rents | Do not:\\n- fund homes\\n\\ncut rents
    See [policy](http://a.org/X) on carers | See [policy](http://a.org/x) on carers
    The Sun said carers were paid well | The sun said carers were paid well
    The Times said carers were paid well | The times said carers were paid well
    The Cabinet was moved to the north | The cabinet was moved to the north
    The Big Lottery paid for the homes | The big lottery paid for the homes
    The FIT team met carers in Hull | The fit team met carers in Hull
    Homes – for carers – were built in Hull | Homes for carers were built in Hull
    Fund (but cap) the homes in the north | Fund but (cap the homes) in the north
    The trust is in the red in the north | The trust is in red in the north
    A secretary and treasurer was named | A secretary and a treasurer was named
    The chair and chief officer was asked | The chair and the chief officer was asked
    The red and white vans were sold in Hull | The red and the white vans were sold in Hull
    A black and white van was sold in Hull | A black and a white van was sold in Hull
    The founder and owner was paid in full | The founder and the owner was paid in full
    My friend and the trustee was asked | My friend and trustee was asked
    The above average homes were let | Above average homes were let
    Above the average homes were let | Above average homes were let
    The over 60s team was cut in June | Over 60s the team was cut in June
    It was recognised by the minister that carers are paid too little | Carers are paid too little
    It was agreed by some members that carers are paid too little | Carers are paid too little
    2.3 million homes need repair in the north | Million homes need repair in the north
    1.5 FTE posts were cut from the service | FTE posts were cut from the service
    10.30 Monday meetings suit carers who work | Monday meetings suit carers who work
    The yard is 40 m² and the hall is 60 m² | The yard is 40 m and the hall is 60 m
    The output of the model is x² for each user | The output of the model is x for each user
    Carers, parents and staff met twice in Hull | Carers’ parents and staff met twice in Hull
    Ask the councils, commissioners, before a bid | Ask the councils commissioners before a bid
    Help, carers said, is far too late in Hull | Help carers said is far too late in Hull
    If trusts pay, councils, users and staff gain | If trusts pay councils, users and staff gain
    If trusts pay councils, users gain in the end | If trusts pay, councils’ users gain in the end
    First bids, then talks were held in Hull | First, bids then talks were held in Hull
    Above, all carers were asked about the price | Above all carers were asked about the price
    Below, average homes were let to carers in Hull | Below average homes were let to carers in Hull
    Un-met need was found in the north | Met need was found in the north
    Re-bid work was won by the trust | Bid work was won by the trust
    Use the code `a_b` in the shared model | Use the code `ab` in the shared model
    See [policy](#homes) on the carers | See [policy](#rents) on the carers
    Mail sam@hull.gov.uk for the grant | Mail sam@york.gov.uk for the grant
    Mail sam@hull.gov.uk for the grant | Mail sam@hull.org.uk for the grant
    The plаn for carers was dropped by staff | The plan for carers was dropped by staff
    Sessions start at 10.30 in the hall | Sessions start at 10.3 in the hall
    Sessions start at 10.30 in the hall | Sessions start at 1030 in the hall
    The bid was filed on 3/4 by staff | The bid was filed on ¾ by staff
    The plan runs for 2012/13 in the north | The plan runs for 2012 13 in the north
    The plan runs for 2012/13 in the north | The plan runs for 2012-13 in the north
    Costs rose in phase (i) of the pilot | Costs rose in phase (v) of the pilot
    Under section 3(a) users have rights | Under section 3(b) users have rights
    """.strip().splitlines()
)


def negatives(sentences: Iterable[str] = BASES) -> list[Pair]:
    """Return pairs of which each says two things, made from the sentences by rule, in order, none of them twice."""
    return _pairs(sentences, NEGATIVE_RULES)


def light_edits(sentences: Iterable[str] = BASES) -> list[Pair]:
    """Return pairs of which each says one thing, made from the sentences by rule, in order, none of them twice."""
    return _pairs(sentences, LIGHT_RULES)


MONTHS = tuple(
    f" {month}"
    for month in [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "October",
        "November",
        "December",
    ]
)

Rule = Callable[[str], Iterator[str]]


def _pairs(sentences: Iterable[str], rules: dict[str, Rule]) -> list[Pair]:
    found: dict[tuple[str, str], Pair] = {}
    for sentence in sentences:
        for kind, rule in rules.items():
            for other in rule(sentence):
                if other != sentence:
                    found.setdefault((sentence, other), Pair(kind, sentence, other))
    return list(found.values())


# ---------------------------------------------------------------- how a sentence is changed


def _swaps(text: str, table: Iterable[tuple[str, str]], both: bool = True) -> Iterator[str]:
    """Yield the text with one word or phrase of the table replaced, at each place, from left to right and back."""
    for left, right in table:
        for was, now in ((left, right), (right, left)) if both else ((left, right),):
            for found in re.finditer(rf"(?<![\w£.]){re.escape(was)}(?!\w)", text, re.IGNORECASE):
                new = now[:1].upper() + now[1:] if found[0][:1].isupper() and found.start() == 0 else now
                yield text[: found.start()] + new + text[found.end() :]


def _table(text: str) -> list[tuple[str, str]]:
    """Return pairs of phrases from lines of ``one/other; one/other``."""
    entries = (entry.strip().split("/") for entry in text.replace("\n", ";").split(";") if entry.strip())
    return [(one.strip(), other.strip()) for one, other in entries]


def _rule(table: str, both: bool = True) -> Rule:
    entries = _table(table)
    return lambda text: _swaps(text, entries, both)


def _after_auxiliary(*inserted: str) -> Rule:
    auxiliary = re.compile(r"\b(should|must|will|would|may|can|could|is|are|was|were|have|has|had|did)\b")

    def rule(text: str) -> Iterator[str]:
        for found in auxiliary.finditer(text):
            for words in inserted:
                yield f"{text[: found.end()]} {words}{text[found.end() :]}"

    return rule


def _contracted(text: str) -> Iterator[str]:
    table = (
        "should/shouldn't;must/mustn't;will/won't;can/can't;could/couldn't;is/isn't;are/aren't;was/wasn't;were/weren't"
    )
    yield from _swaps(text, _table(table + ";have/haven't;has/hasn't;had/hadn't;would/wouldn't"), both=False)


def _numbers(text: str) -> Iterator[str]:
    for found in re.finditer(r"\d[\d,]*(?:\.\d+)?", text):
        number, start, end = found[0].rstrip(","), found.start(), found.start() + len(found[0].rstrip(","))
        whole = number.replace(",", "")
        news = [
            whole + "0",
            "1" + whole,
            whole + ".5",
            "-" + whole,
            whole + "²",
            whole + "½",
            whole + "-" + str(int(float(whole)) + 9),
        ]
        if "." in whole:
            news += [whole.replace(".", ""), whole.replace(".", ","), whole.split(".")[0]]
        else:
            news += [
                str(int(whole) + 1),
                str(max(0, int(whole) - 1)),
                whole + "%",
                "£" + whole,
                "$" + whole,
                whole + "m",
                whole + "bn",
            ]
            news += [
                whole + "k",
                whole + "th",
                "1/" + whole,
                "<" + whole,
                ">" + whole,
                "±" + whole,
                "about " + whole,
                "over " + whole,
            ]
            if len(whole) > 1:
                news += [
                    f"{whole[0]}.{whole[1:]}",
                    f"{whole[0]} {whole[1:]}",
                    f"{whole[0]}-{whole[1:]}",
                    f"{whole[0]}, {whole[1:]}",
                ]
        for new in news:
            if new == whole + "th" and text[end:].startswith(MONTHS):
                continue
            if text[max(0, start - 1) : start] != "£" or new[:1] not in "£":
                yield text[:start] + new + text[end:]
        if text[end : end + 1] == "m":
            yield text[:end] + "bn" + text[end + 1 :]
            yield text[:end] + text[end + 1 :]
        if text[start - 1 : start] == "£":
            yield text[: start - 1] + "$" + text[start:]
            yield text[: start - 1] + "€" + text[start:]
            yield text[: start - 1] + text[start:]


def _nouns_swapped(text: str) -> Iterator[str]:
    """Yield the text with two of its longer words in each other's place."""
    words = list(re.finditer(r"[A-Za-z]{4,}", text))
    for left in range(len(words)):
        for right in range(left + 1, min(left + 9, len(words))):
            a, b = words[left], words[right]
            if a[0].lower().rstrip("s") != b[0].lower().rstrip("s"):
                yield text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


def _left_out(text: str) -> Iterator[str]:
    """Yield the text without one of its words that may not be left out."""
    counts = r"\b(?!(?:a|an|the)\b)[A-Za-z]+\b ?"
    for found in re.finditer(counts, text):
        if found.start() and text[found.end() - 1 : found.end()] == " ":
            yield text[: found.start()] + text[found.end() :]


def _framed(text: str) -> Iterator[str]:
    body = text[0].lower() + text[1:] if text.split()[0] not in ("Central", "GPs") or text[1].islower() else text
    for frame in STANCES:
        yield f"{frame} {body}"


STANCES = tuple(
    line.strip()
    for line in """
    It was not agreed that
    It was disputed that
    It was denied that
    It was suggested that
    It was doubted that
    It was feared that
    It was hoped that
    It was claimed that
    It was argued that
    It was wrongly felt that
    It was never agreed that
    It was hardly felt that
    It is unlikely that
    It is not true that
    Nobody agreed that
    Few members agreed that
    Some members felt that
    Some felt that
    A member felt that
    One member felt that
    A minority felt that
    A minority of members felt that
    Not all members agreed that
    No members felt that
    Only the chair agreed that
    The minister agreed that
    The group did not agree that
    The group never agreed that
    The group doubted that
    The group could not agree that
    The group was told that
    The group was asked whether
    Members were unsure that
    Members of another group agreed that
    Had it been agreed that
    If it was agreed that
    Unless it was agreed that
    Was it agreed that
    The old view was that
    """.strip().splitlines()
)


def _conditioned(text: str) -> Iterator[str]:
    bare = text.rstrip(".")
    for end in (
        " if funds allow", " unless funds run out", " except in Wales", " only in part", " in some areas",
        " in theory",
        " from 2014", " until 2014", " but not yet", " or not", " at first", " as a last resort",
        " without exception",
        ", it was claimed", " twice", " again", " no longer", " too late", " alone", " except for charities", " once",
    ):  # fmt: skip
        yield bare + end + "."


def _opened(text: str) -> Iterator[str]:
    body = text[0].lower() + text[1:]
    for start in (
        "Not", "Only", "If", "Unless", "Even", "Perhaps", "Sometimes", "Rarely", "In theory,", "Some say",
        "Hardly ever",
        "Few", "Half of", "Nearly all", "Other", "However,", "But", "Formerly,", "In future,", "At worst",
        "Without", "Instead,",
    ):  # fmt: skip
        yield f"{start} {body}"


def _asked(text: str) -> Iterator[str]:
    yield text.rstrip(".") + "?"
    yield text.rstrip(".") + "…"
    yield f"~~{text}~~"
    yield text + " Not."


def _scared(text: str) -> Iterator[str]:
    for found in re.finditer(r"\b[a-z]{5,}\b", text):
        yield f"{text[: found.start()]}“{found[0]}”{text[found.end() :]}"
        yield f"{text[: found.start()]}~~{found[0]}~~{text[found.end() :]}"


def _only_moved(text: str) -> Iterator[str]:
    """Yield the text with "only" and "not" before and after each word."""
    for found in re.finditer(r" (?=[A-Za-z])", text):
        for word in ("only", "not", "hardly", "non-", "all", "no", "every", "few"):
            yield text[: found.start()] + f" {word}{'' if word == 'non-' else ' '}" + text[found.end() :]


def _tensed(text: str) -> Iterator[str]:
    yield from _swaps(
        text,
        _table(
            """was/will be;were/will be;is/was;are/were;has/had;is/has been;was/had been;are/will be;was/is being
            were/are being"""
        ),
    )
    for found in re.finditer(r"\b([a-z]{3,}?)(ed|ing)\b", text):
        yield text[: found.start()] + found[1] + ("ing" if found[2] == "ed" else "ed") + text[found.end() :]


def _commas_that_part(text: str) -> Iterator[str]:
    """Yield the text with a comma that a negation or "and" reaches past, or that stands between two longer words."""
    for found in re.finditer(r"(?<=[a-z]{4}) (?=(?:for|to|in|by|with|as|who|which|because|since)\b|[a-z]{5,})", text):
        earlier = set(text[: found.start()].lower().split())
        then = text[found.end() :].split()[0].rstrip(".")
        if re.match(r"(?:would|could|might|should|cannot|until|unless|before|after|under|within|although)\b", then):
            continue
        if then not in ("for", "to", "in", "by", "with") or {"not", "no", "only", "and"} & earlier:
            yield f"{text[: found.start()]}, {text[found.end() :]}"


NEGATIVE_RULES: dict[str, Rule] = {
    "negation": _after_auxiliary("not", "never", "no longer", "hardly", "rarely", "in no way", "neither", "not only"),
    "negation, contracted": _contracted,
    "negation by word": _rule(
        """no/each; no/some; with/without; supported/opposed; agreed/disagreed; increased/failed to increase
        likely/unlikely
        able/unable; and/but not; and/or; needed/unneeded; funded/unfunded; trained/untrained; rejected/accepted"""
    ),
    "number": _numbers,
    "number word": _rule(
        """two/three; three/four; five/six; nine/ten; six/seven; twice/three times; both/neither; first/third
        second/third; a/no
        two/twelve; five/fifteen; six/sixty; nine/ninety; three/thirteen; two/twenty; five/five hundred
        two/two thousand"""
    ),
    "unit": _rule(
        """days/months; years/months; weeks/days; per cent/percentage points; %/ per mille; days/working days
        million/billion
        year/quarter; quarter/year; months/weeks; votes/members; pounds/pence; 30 days/30 hours"""
    ),
    "date": _rule(
        """March/May; June/July; April/August; February/January; Tuesdays/Thursdays; Fridays/Mondays; 2010/2011
        2012/2013
        2011/2010; 2013/2003; last year/this year; last year/next year; by 31/after 31; June/Jan
        24 February/23 February"""
    ),
    "actor": _rule(
        """commissioners/providers; commissioner/provider; commissioner/commissioning; commissioners/commissioning
        service users/service providers; charities/councils; county council/borough council; council/charity
        police/prison
        members/trustees; NHS/MOD; Leeds/Leicester; England/Scotland; Wales/Whales; minister/ministry; mayor/minister
        prime contractors/subcontractors; employer/employee; trainer/trainee; volunteers/staff
        older people/younger people
        social workers/health visitors; mother/father; Treasury/ministry; central government/local government
        managers/members
        local authorities/health authorities; trade union/works council; tenants/landlords
        young people/old people; GPs/MPs
        members/officers; organisations/organs; community/communication; probation/probate; police/policy
        board/boards of governors
        councillors/counsellors; prison/prisoner; provider/provision; offenders/offending; employer/employment
        carers/care"""
    ),
    "direction": _rule(
        """increased/reduced; increase/reduce; before/after; from/to; to/from; central/local; local/national
        early/late; over/under
        greater/less; more/less; less/more; higher/lower; slower/faster; better/worse; shorter/longer
        closed/opened; for/against
        allow/forbid; gave/took; sold/bought; buy/sell; repay/pay; lends/borrows; retain/transfer
        devolve/centralise; first/last
        rejected/approved
        reward/punish; praised/blamed; moved/returned; expensive/cheap; share/keep; trust/distrust
        leads/follows
        within/after; by/without; in/outside; since/until; with/for; at least/at most; fewer/more
        more than/no more than; won/lost
        help/hinder; harm/help; protected/threatened; include/exclude; national/local; local/localism
        public/private; gave/lent
        found/founded; above/below; up/down; on/off; by/to; of/from; for/by; in/on; about/above; from/for
        than/then; north/south"""
    ),
    "quantifier": _rule(
        """all/some; all/most; all/few; most/many; most/few; many/few; some/no; every/some; every/almost every
        each/one; both/one of the
        some/any; only/mainly; only/also; many/not many; all/not all; most/almost all; a/every; the/no; a/another
        the/some; the/each
        the/all; the/most; the/any; the/other; a/one in ten; the/half the; a/the only; the/few; twice/once
        often/always; often/never"""
    ),
    "modality": _rule(
        """should/must; should/may; should/could; should/would; should/might; must/may; must/need not; will/may
        will/would; can/could
        can/must; may/might; may/must; can/should; would/could; are/may be; was/may have been; were/should be
        is/could be; is/must be
        should/should not; must/must not; cannot/can; cannot/may not; cannot/should not; should be/are; must be/is
        may/should"""
    ),
    "condition": _conditioned,
    "opening": _opened,
    "comparison": _rule(
        """greater/great; more/most; less/least; better/best; higher/high; slower/slow; shorter/short
        hardest/hard; hardest/harder
        fewer than/more than; as well as/instead of; and/rather than; and/as well as; than/rather than
        less/no less; more/no more
        at least/up to; at least/more than; within/not within; small/smaller; large/largest; early/earlier
        often/more often"""
    ),
    "role": _nouns_swapped,
    "voice": _rule(
        """were funded by/funded; was heard by/heard; are often ignored by/often ignore; funded by/funding
        was excluded from/excluded
        share/are shared by; gave/was given by; train/are trained by; trains/is trained by; refer/are referred by
        praised/was praised by
        inspects/is inspected by; closed/was closed by; told/were told by; sold/was sold by
        rejected/was rejected by; lends/is lent
        leads/is led by; support/are supported by; trust/are trusted by; helped/were helped by
        choose/be chosen by; harm/are harmed by
        referred/were referred by; moved/was moved by; won/was won by; asked/asking; trained/training
        is awarded/is awarding
        were asked/asked; are returned/return; are redesigned/redesign; be advertised/advertise; is published/publishes
        see/are seen by"""
    ),
    "word left out": _left_out,
    "stance": _framed,
    "question": _asked,
    "sense of a word in marks": _scared,
    "word put in": _only_moved,
    "tense": _tensed,
    "derived word": _rule(
        """services/servants; engagement/engaged; evaluation/evaluator; assessment/assessor
        procurement/procurator; design/designer
        contract/contractor; contracts/contractors; competition/competitor; support/supporter
        regulator/regulation; inspector/inspection
        reform/reformer; provider/provided; savings/saving; general/generally; innovation/innovator
        organisations/organisers
        intervention/intervenor; finance/financial; nation/national; operate/operation; relative/relatively
        import/important; use/user
        new/news; good/goods; custom/customs; universal/university; experience/experiment; informs/information
        paid/pay; fund/funding
        local/locally; local/locality; data/date; grant/Grant; people/person; programmes/programmers
        market/marketing; price/prize
        building/builder; residential/residents; immature/mature; charity/charitable; health/healthy; young/youth
        interest/interests"""
    ),
    "comma that parts": _commas_that_part,
    "order of clauses": _rule(
        """before/after; because/although; if/unless; when/unless; where/unless; although/because; unless/if
        that/whether; who/whom
        so that/although; since/before; than/as; but not/and; only when/even when; only when/except when
        whether/that; who/which rarely"""
    ),
}


# ---------------------------------------------------------------- light edits


def _whole(edit: Callable[[str], str]) -> Rule:
    def rule(text: str) -> Iterator[str]:
        yield edit(text)

    return rule


def _lower_first(text: str) -> str:
    return text if text[:2].isupper() or text[:2] == "GP" else text[0].lower() + text[1:]


def _first_space(text: str, by: str) -> str:
    return text.replace(" ", by, 1)


def _commas_of_taste(text: str) -> Iterator[str]:
    """Yield the text with a comma that nothing before it reaches past."""
    for other in _swaps(text, _table("before/, before; for/, for; unless/, unless; if/, if; until/, until"), False):
        earlier = other.split(" , ")[0].lower().split()
        if not {"not", "cannot", "no", "never", "only", "without", "and", "or", "few", "fewer"} & set(earlier):
            yield other


def _agreeing(table: str) -> Rule:
    """Return a rule that leaves out what it would put wrong: "the councils leads"."""
    wrong = re.compile(r"councils leads|contract reward", re.IGNORECASE)
    return lambda text: (other for other in _swaps(text, _table(table)) if not wrong.search(other))


LIGHT_RULES: dict[str, Rule] = {
    "case": lambda text: (
        iter(()) if re.search(r" (?:May|March|August|WHO|US|IT) ", text) else iter((text.upper(), text.lower()))
    ),
    "white space": _whole(lambda text: "  " + text.replace(" ", "  ").replace("  ", "\n", 1) + " \n"),
    "no-break space": _whole(lambda text: text.replace(" ", "\u00a0")),
    "soft hyphen": _whole(lambda text: re.sub(r"([a-z]{4})([a-z]{4})", "\\1\u00ad\\2", text)),
    "end of sentence": _whole(lambda text: text.rstrip(".")),
    "bullet": lambda text: iter((f"- {text}", f"• {text}", f"* {text}", f"– {text}")),
    "number of a list": lambda text: iter((f"1. {text}", f"(a) {text}", f"iv) {text}", f"12) {text}")),
    "cross-reference": lambda text: iter(
        f"{text.rstrip('.')} {reference}."
        for reference in (
            "(see 2.3)",
            "[Figure 1]",
            "(as described in Fig 1)",
            "(see section 4 above)",
            "(see Table 2)",
            "(cf. 3.1)",
        )
    ),
    "note mark": _whole(lambda text: text + "[^1]"),
    "frame": lambda text: iter(
        f"{frame} {_lower_first(text)}"
        for frame in (
            "It was agreed that",
            "It was also noted that",
            "It was felt that",
            "It was recognised that",
            "The group agreed that",
            "Members felt that",
            "Members of the group noted that",
            "We agreed that",
            "There was consensus that",
        )
    ),
    "connective": lambda text: iter(
        f"{word}, {_lower_first(text)}" for word in ("Also", "Moreover", "Furthermore", "In addition")
    ),
    "emphasis": _whole(lambda text: re.sub(r"\b([a-z]{5,})\b", r"*\1*", text, count=1)),
    "strong": _whole(lambda text: re.sub(r"\b([a-z]{6,})\b", r"**\1**", text, count=2)),
    "quotation marks": _whole(lambda text: f"“{text}”"),
    "apostrophe": _whole(lambda text: text.replace("'", "’")),
    "dash": _rule("high-risk/high‑risk", both=False),
    "hyphen": _rule(
        "high-risk/high risk; Outcome-based/outcome based; subcontractors/sub-contractors; reoffending/re-offending"
    ),
    "number in words": _rule(
        "two/2; three/3; five/5; nine/9; 30/thirty; 18/eighteen; 12/twelve; 40/forty; 21/twenty-one; six/6"
    ),
    "ordinal": _rule("second/2nd; first/1st; 24 February/24th February; 31 March/31st March", both=False),
    "per cent": _rule("per cent/percent; 12 per cent/12%; 4.5%/4.5 per cent", both=False),
    "thousands": _whole(lambda text: text.replace(",000", "000")),
    "million": _rule("£2 million/£2m; £1.5m/£1.5 million", both=False),
    "plural": _agreeing(
        """contract/contracts; provider/providers; members/member; charities/charity; councils/council
        prisoners/prisoner
        volunteers/volunteer; hospitals/hospital; agencies/agency; budgets/budget; families/family
        authorities/authority"""
    ),
    "spelling": _rule(
        """recognised/recognized; organisations/organizations; programmes/programs; centres/centers; while/whilst
        among/amongst
        centralise/centralize; immature/immature; recognise/recognize""",
        both=False,
    ),
    "contraction": _rule(
        "should not/shouldn't; cannot/can't; cannot/can not; is not/isn't; had not/hadn't; was not/wasn't"
    ),
    "article": _rule(
        """the contract/contract; the service/service; the provider/provider; the council/council; The group/group
        the pilot/pilot"""
    ),
    "comma": _commas_of_taste,
    "ampersand": _rule("and/&", both=False),
}
