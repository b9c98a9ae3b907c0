"""Who acts: another actor in the place of the first."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.guards.labels import Guard
from pipeline.guards.marks import SAME_MATTER, Phrases, Sentence, phrase_table
from pipeline.guards.words import rows

ACTOR_GROUPS = """
central government, national government, government, whitehall, minister, ministry, treasury, civil servant,
    westminster, home office, secretary of state, government department
local authority, local government, council, town hall, borough, county council, district council, unitary authority,
    combined authority
councillor, elected member
mayor
parliament, mp, peer, select committee
commissioner, purchaser, buyer, commissioning body, commissioning team
provider, supplier, contractor, bidder, service provider
charity, voluntary sector, third sector, voluntary organisation, community group, social enterprise, voluntary
    group, voluntary body
business, private sector, company, firm, private company
employer
service user, user, client, customer, patient
citizen, resident, the public, taxpayer, community, voter, member of the public, local people
family, parent
carer
child, children, young people, pupil, student, young person
older people, pensioner
school, teacher, head teacher, college
police, police officer
nhs, hospital, health service, trust, clinical commissioning group, primary care trust
gp, doctor, clinician, nurse, consultant
social worker
staff, employee, workforce, officer, frontline worker, worker, practitioner, front line staff
manager, leader, chief executive, director, senior management, senior leader
regulator, inspector, inspectorate, ofsted, care quality commission
auditor, audit commission, national audit office
academic, researcher, university
trade union, union
tenant
landlord, housing association
volunteer
trustee, board, governor
funder, donor, grant maker, investor
court, judge, magistrate
probation, prison, prison officer
job centre, jobcentre plus
midwife, health visitor
librarian, library
planner, developer, builder
europe, european union, european commission
"""
"""Those who act in what a group learns, a group of near equals a line; another line is another actor."""
NO_ACTORS = ("members of staff", "board members", "in the community", "government policy", "user friendly")


def _plural(phrase: str) -> Iterator[str]:
    yield phrase
    head, _, tail = phrase.partition(" of ")
    tail = f" of {tail}" if tail else ""
    if head.endswith("y") and head[-2] not in "aeiou":
        yield f"{head[:-1]}ies{tail}"
    elif head.endswith("wife"):
        yield f"{head[:-2]}ves{tail}"
    else:
        yield f"{head}{'es' if head.endswith(('s', 'x', 'ch')) else 's'}{tail}"


def _actors() -> Phrases:
    listed = [
        (form, line.split(",")[0])
        for line in rows(ACTOR_GROUPS)
        for phrase in line.split(",")
        for form in _plural(phrase.strip())
    ]
    return phrase_table([*((phrase, "") for phrase in NO_ACTORS), *listed])


ACTORS = _actors()


def by_actor(a: Sentence, b: Sentence, alike: float) -> Iterator[Guard]:
    """Yield an actor on one side in whose place another stands on the other."""
    ours = {mark.what for mark in a.actors}
    theirs = {mark.what for mark in b.actors}
    free = [mark for mark in b.actors if mark.what not in ours]
    for mine in a.actors:
        if mine.what in theirs or not free:
            continue
        near = [yours for yours in free if set(mine.bears_on) & set(yours.bears_on)]
        if near or alike >= SAME_MATTER:
            yours = (near or free)[0]
            free.remove(yours)
            yield Guard("actor", a.said(mine.at, mine.end), b.said(yours.at, yours.end))
