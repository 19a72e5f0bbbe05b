from sandbox.world import World, ok
from sandbox.stages.decision import *
from app.services.papers import drafts
def test_x(world: World, monkeypatch) -> None:
    made = conclude_round(world, 2024, Contender(), Contender(HOSPITAL))
    import json
    def h(told):
        def walk(x,p):
            if isinstance(x,dict): [walk(v,p+[k]) for k,v in x.items()]
            elif isinstance(x,(list,tuple)): [walk(v,p+[i]) for i,v in enumerate(x)]
            elif not isinstance(x,(str,type(None),int)): print(p,type(x),x)
        walk(told,[]); return "x"
    monkeypatch.setattr(drafts,"content_hash",h)
    print([ (i["kind"],i["why_not_zh"]) for i in ok(world.office.get(f"/v1/rounds/{made.round_id}/documents"))["items"]])
    assert 0
