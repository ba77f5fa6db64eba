"""
LiveKit's SIP service, by livekit-api: one trunk, and one dispatch rule a child and open class.

A rule by PIN leads to one live name (docs.livekit.io, SIP dispatch rules: direct, with a PIN). The caller's identity is
the bridge's (`sip_` and a hash, with `hide_phone_number`; livekit/protocol sip.go): the rule's attributes say who she
is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schoolday.agents.phone.callers_of import NAME_PREFIX, Way
from schoolday.lib import log

TRUNK_NAME = "schoolday"
_CHANGES_AT_ONCE = 200  # a bell changes thousands: in pieces, so that one turn never takes a minute


@dataclass(frozen=True)
class Step:
    """What one turn did. `left`: what waits for the next."""

    made: int
    dropped: int
    left: int


class Bridge:
    """`api`: a livekit.api.LiveKitAPI."""

    def __init__(self, api: Any, *, numbers: tuple[str, ...]) -> None:
        self._sip, self._numbers = api.sip, numbers
        self._trunk = ""

    async def keep(self, wanted: Mapping[str, Way]) -> Step:
        """
        Bring the rules in step: first those go that lead nowhere any more, then new ones come. Rules of others stay.

        Asked twice it does nothing the second time; killed half way, the next turn goes on.
        """
        from livekit import api

        trunk = await self._trunk_id()
        held = await self._sip.list_dispatch_rule(api.ListSIPDispatchRuleRequest())
        own = [rule for rule in held.items if rule.name.startswith(NAME_PREFIX)]
        by_name = {way.name: way for way in wanted.values()}
        old = [
            rule
            for rule in own
            if rule.name not in by_name or rule.rule.dispatch_rule_direct.pin != by_name[rule.name].pin
        ]
        gone = {rule.sip_dispatch_rule_id for rule in old}
        standing = {rule.name for rule in own if rule.sip_dispatch_rule_id not in gone}
        new = [way for name, way in by_name.items() if name not in standing]
        room = _CHANGES_AT_ONCE
        dropped = made = 0
        for rule in old[:room]:
            await self._sip.delete_dispatch_rule(
                api.DeleteSIPDispatchRuleRequest(sip_dispatch_rule_id=rule.sip_dispatch_rule_id)
            )
            dropped += 1
        for way in new[: room - dropped]:
            await self._sip.create_dispatch_rule(_request(way, trunk))
            made += 1
        left = len(old) + len(new) - dropped - made
        if made or dropped:
            log.get(__name__).info("ways by phone", made=made, dropped=dropped, left=left)
        return Step(made, dropped, left)

    async def _trunk_id(self) -> str:
        """Return the trunk of our numbers, made if there is none: without one a rule takes every number's calls."""
        from livekit import api

        if not self._trunk:
            held = await self._sip.list_inbound_trunk(api.ListSIPInboundTrunkRequest())
            known = next((one.sip_trunk_id for one in held.items if one.name == TRUNK_NAME), "")
            if not known:
                info = api.SIPInboundTrunkInfo(name=TRUNK_NAME, numbers=list(self._numbers))
                made = await self._sip.create_inbound_trunk(api.CreateSIPInboundTrunkRequest(trunk=info))
                known = made.sip_trunk_id
            self._trunk = known
        return self._trunk


def _request(way: Way, trunk: str) -> Any:
    from livekit import api

    return api.CreateSIPDispatchRuleRequest(
        dispatch_rule=api.SIPDispatchRuleInfo(
            name=way.name,
            trunk_ids=[trunk],
            hide_phone_number=True,
            attributes=way.attributes,
            rule=api.SIPDispatchRule(
                dispatch_rule_direct=api.SIPDispatchRuleDirect(room_name=way.live_name, pin=way.pin)
            ),
        )
    )
