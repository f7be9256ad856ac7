"""Who may do what, route by route, as it must be. Whoever adds a route adds a row; a test asks every one of them.

yes: the request is answered, whatever else is wrong with it; sign: sign in first; no: this is not open to you.
What depends on whose thing it is stands in the tests of its feature.

nobody reads in a closed wiki, guest in an open one; otto is in no team, sam in Sales, lee the liaison of Sales and
Marketing, ada runs the wiki; reader is a token of Sam's that may read, writer one that may do all a token can.
"""

from __future__ import annotations

WHO = ("nobody", "guest", "otto", "sam", "lee", "ada", "reader", "writer")

TABLE = """
#                                     nobody guest  otto   sam    lee    ada    reader writer
accounts.accept                POST   yes    yes    yes    yes    yes    yes    yes    yes
accounts.account               GET    sign   sign   yes    yes    yes    yes    no     no
accounts.ask                   POST   sign   sign   yes    yes    yes    yes    no     no
accounts.away                  POST   sign   sign   yes    yes    yes    yes    no     no
accounts.back                  GET    yes    yes    yes    yes    yes    yes    yes    yes
accounts.back_again            POST   sign   sign   yes    yes    yes    yes    no     no
accounts.code                  GET    yes    yes    yes    yes    yes    yes    yes    yes
accounts.confirm               POST   sign   sign   no     no     yes    yes    no     no
accounts.decline               POST   sign   sign   no     no     yes    yes    no     no
accounts.end_browser           POST   sign   sign   yes    yes    yes    yes    no     no
accounts.end_others            POST   sign   sign   yes    yes    yes    yes    no     no
accounts.end_token             POST   sign   sign   yes    yes    yes    yes    no     no
accounts.enter                 POST   yes    yes    yes    yes    yes    yes    yes    yes
accounts.enter_code            POST   yes    yes    yes    yes    yes    yes    yes    yes
accounts.enter_link            POST   yes    yes    yes    yes    yes    yes    yes    yes
accounts.export                GET    sign   sign   yes    yes    yes    yes    no     no
accounts.invitation            GET    yes    yes    yes    yes    yes    yes    yes    yes
accounts.leave                 POST   sign   sign   yes    yes    yes    yes    no     no
accounts.link                  GET    yes    yes    yes    yes    yes    yes    yes    yes
accounts.make_token            POST   sign   sign   yes    yes    yes    yes    no     no
accounts.me                    GET    yes    yes    yes    yes    yes    yes    yes    yes
accounts.out                   GET    yes    yes    yes    yes    yes    yes    yes    yes
accounts.people                GET    sign   sign   no     no     yes    yes    no     no
accounts.sign_in               GET    yes    yes    yes    yes    yes    yes    yes    yes
accounts.sign_out              POST   yes    yes    yes    yes    yes    yes    yes    yes
api.document                   GET    sign   yes    yes    yes    yes    yes    yes    yes
api.page                       GET    sign   yes    yes    yes    yes    yes    yes    yes
definitions.checked            POST   sign   sign   no     no     yes    no     no     no
definitions.data               GET    sign   yes    yes    yes    yes    yes    yes    yes
definitions.add_case           POST   sign   sign   yes    yes    yes    yes    no     no
definitions.cases              GET    sign   yes    yes    yes    yes    yes    yes    yes
definitions.declare            POST   sign   sign   yes    yes    yes    yes    no     no
definitions.draft              GET    sign   sign   yes    yes    yes    yes    no     no
definitions.listed             GET    sign   yes    yes    yes    yes    yes    yes    yes
definitions.page               GET    sign   yes    yes    yes    yes    yes    yes    yes
definitions.quoted             GET    sign   yes    yes    yes    yes    yes    yes    yes
definitions.remove_case        POST   sign   sign   yes    yes    yes    yes    no     no
definitions.say                POST   sign   sign   yes    yes    yes    yes    no     no
definitions.sort               POST   sign   sign   yes    yes    yes    yes    no     no
definitions.table              GET    sign   yes    yes    yes    yes    yes    yes    yes
definitions.version            GET    sign   yes    yes    yes    yes    yes    yes    yes
following.wake                 POST   yes    yes    yes    yes    yes    yes    no     no
guide.close                    POST   sign   yes    yes    yes    yes    yes    yes    yes
helpful.page                   GET    sign   yes    yes    yes    yes    yes    yes    yes
helpful.say                    POST   sign   sign   yes    yes    yes    yes    no     yes
home.page                      GET    sign   yes    yes    yes    yes    yes    yes    yes
health.healthz                 GET    yes    yes    yes    yes    yes    yes    yes    yes
health.readyz                  GET    yes    yes    yes    yes    yes    yes    yes    yes
notifications.answering        GET    sign   sign   yes    yes    yes    yes    yes    yes
notifications.entries          GET    sign   sign   yes    yes    yes    yes    yes    yes
notifications.page             GET    sign   sign   yes    yes    yes    yes    yes    yes
notifications.seen             POST   sign   sign   yes    yes    yes    yes    no     yes
notifications.seen_by_program  POST   sign   sign   yes    yes    yes    yes    no     yes
notifications.set_mail         POST   sign   sign   yes    yes    yes    yes    no     yes
notifications.settings         GET    sign   sign   yes    yes    yes    yes    yes    yes
notifications.stop             POST   yes    yes    yes    yes    yes    yes    no     no
notifications.stopping         GET    yes    yes    yes    yes    yes    yes    no     no
notifications.watch            POST   sign   sign   yes    yes    yes    yes    no     yes
notifications.watching         GET    sign   sign   yes    yes    yes    yes    yes    yes
permalinks.last_text           GET    sign   sign   yes    yes    yes    yes    yes    yes
permalinks.page                GET    sign   yes    yes    yes    yes    yes    yes    yes
permalinks.short               GET    sign   yes    yes    yes    yes    yes    yes    yes
previews.listed                GET    sign   sign   yes    yes    yes    yes    yes    yes
previews.page                  GET    sign   sign   yes    yes    yes    yes    yes    yes
search.hits                    GET    sign   yes    yes    yes    yes    yes    yes    yes
search.page                    GET    sign   yes    yes    yes    yes    yes    yes    yes
search.similar                 GET    sign   yes    yes    yes    yes    yes    yes    yes
site.page_or_asset             GET    sign   yes    yes    yes    yes    yes    yes    yes
sitemap.sitemap                GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestion_applying.apply      POST   sign   sign   yes    yes    yes    yes    no     no
suggestion_applying.page       GET    sign   sign   yes    yes    yes    yes    no     no
suggestion_applying.patch      GET    sign   sign   yes    yes    yes    yes    no     no
suggestion_carrying.carry      POST   sign   sign   yes    yes    yes    yes    no     yes
suggestion_carrying.page       GET    sign   sign   yes    yes    yes    yes    no     yes
suggestion_edits.ask           POST   sign   sign   yes    yes    yes    yes    no     yes
suggestion_edits.draft         GET    sign   sign   yes    yes    yes    yes    no     yes
suggestion_edits.edit          POST   sign   sign   yes    yes    yes    yes    no     yes
suggestion_edits.editing       GET    sign   sign   yes    yes    yes    yes    no     yes
suggestion_edits.new           GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestion_edits.new_page      GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions.act                POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.address            POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.ask                POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.board              GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions.data               GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions.delete_remark      POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.draft              GET    sign   sign   yes    yes    yes    yes    no     yes
suggestions.edit               POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.edit_remark        POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.editing            GET    sign   sign   yes    yes    yes    yes    no     yes
suggestions.hide               POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.hide_remark        POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.keep_open          POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.label              POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.new                GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions.one                GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions.one_remark         GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions.part               GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions.remark             POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.show               POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.show_remark        POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions.table              GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions.vote               POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions_api.act            POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions_api.address        PUT    sign   sign   yes    yes    yes    yes    no     yes
suggestions_api.ask            POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions_api.edit           PUT    sign   sign   yes    yes    yes    yes    no     yes
suggestions_api.edits          GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions_api.history        GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions_api.label          PUT    sign   sign   yes    yes    yes    yes    no     yes
suggestions_api.remark         POST   sign   sign   yes    yes    yes    yes    no     yes
suggestions_api.remarks        GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions_api.suggestion     GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions_api.suggestions    GET    sign   yes    yes    yes    yes    yes    yes    yes
suggestions_api.unvote         DELETE sign   sign   yes    yes    yes    yes    no     yes
suggestions_api.vote           PUT    sign   sign   yes    yes    yes    yes    no     yes
talk_api.agree                 PUT    sign   sign   yes    yes    yes    yes    no     yes
talk_api.answer                POST   sign   sign   yes    yes    yes    yes    no     yes
talk_api.attach                PUT    sign   sign   yes    yes    yes    yes    no     yes
talk_api.comment               GET    sign   yes    yes    yes    yes    yes    yes    yes
talk_api.comments              GET    sign   yes    yes    yes    yes    yes    yes    yes
talk_api.delete                DELETE sign   sign   yes    yes    yes    yes    no     yes
talk_api.disagree              DELETE sign   sign   yes    yes    yes    yes    no     yes
talk_api.edit                  PUT    sign   sign   yes    yes    yes    yes    no     yes
talk_api.flag                  PUT    sign   sign   yes    yes    yes    yes    no     yes
talk_api.move                  PUT    sign   sign   yes    yes    yes    yes    no     yes
talk_api.reopen                DELETE sign   sign   yes    yes    yes    yes    no     yes
talk_api.settle                PUT    sign   sign   yes    yes    yes    yes    no     yes
talk_api.start                 POST   sign   sign   yes    yes    yes    yes    no     yes
talk_api.thread                GET    sign   yes    yes    yes    yes    yes    yes    yes
talk_api.threads               GET    sign   yes    yes    yes    yes    yes    yes    yes
threads.agree                  POST   sign   sign   yes    yes    yes    yes    no     yes
threads.answer                 POST   sign   sign   yes    yes    yes    yes    no     yes
threads.attach                 POST   sign   sign   yes    yes    yes    yes    no     yes
threads.attaching              GET    sign   sign   yes    yes    yes    yes    no     yes
threads.comment                GET    sign   yes    yes    yes    yes    yes    yes    yes
threads.delete                 POST   sign   sign   yes    yes    yes    yes    no     yes
threads.draft                  GET    sign   sign   yes    yes    yes    yes    no     yes
threads.edit                   POST   sign   sign   yes    yes    yes    yes    no     yes
threads.flag                   POST   sign   sign   yes    yes    yes    yes    no     yes
threads.hide                   POST   sign   sign   yes    yes    yes    yes    no     yes
threads.lost                   GET    sign   sign   yes    yes    yes    yes    no     yes
threads.moderated              GET    sign   sign   no     no     no     yes    no     no
threads.move                   POST   sign   sign   yes    yes    yes    yes    no     yes
threads.on_page                GET    sign   yes    yes    yes    yes    yes    yes    yes
threads.part                   GET    sign   yes    yes    yes    yes    yes    yes    yes
threads.past_of_page           GET    sign   yes    yes    yes    yes    yes    yes    yes
threads.past_of_thread         GET    sign   yes    yes    yes    yes    yes    yes    yes
threads.reopen                 POST   sign   sign   yes    yes    yes    yes    no     yes
threads.settle                 POST   sign   sign   yes    yes    yes    yes    no     yes
threads.show                   POST   sign   sign   yes    yes    yes    yes    no     yes
threads.start                  POST   sign   sign   yes    yes    yes    yes    no     yes
threads.thread                 GET    sign   yes    yes    yes    yes    yes    yes    yes
"""


def rows() -> dict[tuple[str, str], tuple[str, ...]]:
    """The answer for each of `WHO`, by endpoint and method."""
    found = {}
    for line in TABLE.strip().splitlines():
        if line and not line.startswith("#"):
            endpoint, method, *answers = line.split()
            found[endpoint, method] = tuple(answers)
    return found
