import time
from tests.support.stages.applications import apply
from tests.support.stages.qualification import qualify
from tests.support.stages.reviews import *
from tests.support.stages.rounds import open_round
def test_p(world):
    t=time.time(); 
    def lap(n):
        nonlocal t; print(n, round(time.time()-t,2)); t=time.time()
    r=open_round(world); lap('open'); a=apply(world,r).id; lap('apply'); b=apply(world,r).id; lap('apply2'); qualify(world,r); lap('qualify')
    score_material(world,r,{a:80,b:70}); lap('score'); close_material(world,r); lap('close'); score_onsite(world,r,{a:80,b:70}); lap('onsite'); evaluate(world,r); lap('eval')
