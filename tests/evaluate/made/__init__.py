"""Pages made from seeds, as many content systems would serve them, with the truth beside each: `make(seed, count)`."""
from . import kinds, layouts, listings, mixed, portals, systems, templates
from .story import Story

MAKERS = [systems.trs, systems.trs_hidden_mobile, systems.vsb, systems.sudy, systems.hanweb, systems.jpaas, systems.kaipu, systems.govcn_a, systems.govcn_b,
          systems.epoint, *systems.SMALL, systems.asp_tables, systems.metas_only,
          portals.people, portals.xinhua, portals.netease, portals.paper, portals.taiwan, portals.hongkong, portals.wordpress, portals.json_ld, *portals.POLICY,
          *portals.STRIPS, portals.bare, portals.commented, portals.paged, portals.subtitled, portals.wechat,
          *layouts.LAYOUTS_MADE, *templates.TEMPLATES, *mixed.ARTICLES, *listings.LISTINGS, *listings.OTHERS, *kinds.LISTS, kinds.home, kinds.error, kinds.login, kinds.shell, kinds.challenge, kinds.about_security, kinds.with_related]


def make(seed, count):
    """(name, bytes, truth) for `count` pages of each maker."""
    for maker in MAKERS:
        for number in range(count):
            name = "%s_%03d" % (maker.__name__, number)
            story = Story("%s/%s/%d" % (seed, maker.__name__, number))
            html, truth = maker(story)
            yield name, html if isinstance(html, bytes) else html.encode("utf-8"), truth
