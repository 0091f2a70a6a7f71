#!/usr/bin/env python3
"""How much of a page's own text is kept, and how much of its frame.

usage: boilerplate.py KB_INDEX DATA/document/doc_docling WORK_DIR

The texts are those of the set: its small HTML pages, and its expected
Markdown as paragraphs. Each is put into frames as sites have them:
navigation, breadcrumbs, cookie banners, lists of links, comments of the
house. Half of the frames, and half of the texts by a hash of their name, are
for fitting, the others are held out; pages of a fitted half with one held
out are in neither. The encyclopaedia's page of the set, whose own text is
told by an id, is held out. Prints a line a frame, then JSON: the share of
the text's words that the index has, and of its words those that are no text.
"""
import collections
import hashlib
import html
import html.parser
import json
import os
import re
import subprocess
import sys

WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7a3]")


def words(text):
    return collections.Counter(WORD.findall(text.lower()))


def links(*names, item="<li><a href='/%d'>%s</a></li>"):
    return "".join(item % (i, name) for i, name in enumerate(names))


MENU = links("Home", "Products", "Pricing", "Blog", "Careers", "About us")
LEGAL = links("Privacy", "Terms of service", "Imprint", "Contact sales")
OTHER = links("Ten ways to save money", "What our customers say",
              "The new office in Lisbon", "Five questions answered",
              "Meet the team behind it")
CHINESE = links("首页", "产品中心", "新闻资讯", "解决方案", "联系我们")
COOKIES = ("We use cookies to improve your experience. By continuing you "
           "agree to our policy. <button>Accept all</button>")

# name, fitted or held out, page with the text at %(text)s
FRAMES = [
    ("none", "fit", "<body>%(text)s</body>"),
    ("elements", "fit",
     "<body><header><a href=/>Acme</a><nav><ul>" + MENU + "</ul></nav>"
     "</header><main><article>%(text)s</article></main><aside><h2>More</h2>"
     "<ul>" + OTHER + "</ul></aside><footer><ul>" + LEGAL + "</ul>"
     "<p>Copyright Acme Corporation. All rights reserved.</p></footer></body>"),
    ("documentation", "fit",
     "<body><div class=related role=navigation><h3>Navigation</h3><ul>" +
     links("index", "modules", "next chapter", "previous chapter") +
     "</ul></div><div class=document><div class=documentwrapper>"
     "<div class=bodywrapper><div class=body role=main>%(text)s"
     "<a class=headerlink href='#x'>\u00b6</a></div></div></div>"
     "<div class=sphinxsidebar role=navigation><h3>Table of contents</h3>"
     "<ul>" + OTHER + "</ul><h3>Quick search</h3><form class=search>"
     "<input type=submit value=Go></form></div></div><div class=footer "
     "role=contentinfo>Created using a generator of documentation.</div>"),
    ("blog", "fit",
     "<body class='home has-sidebar'><div id=page><div id=masthead><p>Just "
     "another weblog about things</p></div><div id=site-navigation><ul "
     "class=menu>" + MENU + "</ul></div><div id=content><div class=post>"
     "%(text)s<div class='share-buttons'>Share this with your friends: " +
     links("Mail", "Print", "Chat", item="<a href='/s%d'>%s</a> ") +
     "</div></div></div><div id=sidebar class=widget-area><h2>Recent posts"
     "</h2><ul>" + OTHER + "</ul><h2>Newsletter</h2><p>Subscribe to get "
     "the latest news into your inbox.</p></div><div id=colophon "
     "class=site-footer>Proudly powered by our publishing software</div>"),
    ("links without names", "fit",
     "<body><div><div>" + links("Start", "Shop", "Service", "Account",
                                "Basket", item="<a href='/%d'>%s</a> | ") +
     "</div></div><div>%(text)s</div><div><ul>" + OTHER + "</ul></div>"),
    ("tables", "held",
     "<body><table><tr><td colspan=2><a href=/>Acme</a> <a href=/s>Search</a>"
     " <a href=/m>Sitemap</a></td></tr><tr><td width=150><ul>" + MENU +
     "</ul></td><td>%(text)s</td></tr></table>"),
    ("news", "held",
     "<body><div id=cookie-consent class=banner>" + COOKIES + "</div><div "
     "class=top-bar><ul class=navbar>" + MENU + "</ul></div><div "
     "class=breadcrumb><a href=/>Home</a> &gt; <a href=/n>News</a> &gt; "
     "Local</div><article class=story>%(text)s</article><div "
     "class='ad advert'>Advertisement: the best shoes in town, now half the "
     "price</div><div class=related-stories><h3>You may also like</h3><ul>" +
     OTHER + "</ul></div><div class=footer><ul>" + LEGAL + "</ul></div>"),
    ("Chinese", "held",
     "<body><div class=top-nav><ul>" + CHINESE + "</ul></div><div "
     "class=crumbs>当前位置：<a href=/>首页</a> &gt; <a href=/x>新闻</a></div>"
     "<div class=main-content>%(text)s</div><div class=recommend><h3>相关推荐"
     "</h3><ul>" + links("如何选择合适的产品", "十大常见问题解答",
                         "公司荣获年度大奖") + "</ul></div><div "
     "class=page-footer><p>版权所有 京公网安备 未经许可不得转载</p></div>"),
    ("theme of documentation", "held",
     "<body><a class=skip-link href='#c'>Skip to content</a><header "
     "class=md-header><nav class=md-nav><a href=/>Project</a></nav></header>"
     "<div class=md-container><main class=md-main><div class=md-sidebar><ul>" +
     OTHER + "</ul></div><div class=md-content><article>%(text)s</article>"
     "</div></main><footer class=md-footer><a href=/n>Next: Installation</a>"
     "</footer></div>"),
    ("shop", "held",
     "<body><div role=banner>Free delivery on all orders this week</div><div "
     "role=search><form>Search our shop</form></div><div id=wrapper><div "
     "id=main>%(text)s</div><section class='product-recommendations'><h2>"
     "Customers also bought</h2><ul>" + OTHER + "</ul></section></div><div "
     "class=newsletter-signup><p>Sign up and get ten percent off your first "
     "order.</p></div><div role=contentinfo>" + LEGAL + "</div>"),
]


class Text(html.parser.HTMLParser):
    """The text of a page, or of the element of an id, without scripts."""

    VOID = {"br", "img", "input", "meta", "link", "hr", "wbr", "area", "col"}

    def __init__(self, element=None):
        super().__init__()
        self.element, self.depth, self.skip = element, 0, 0
        self.out = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if self.skip or tag in ("script", "style", "template"):
            self.skip += tag not in self.VOID
        elif "editsection" in (attrs.get("class") or "") or attrs.get(
                "role") == "navigation":
            self.skip += 1
        if self.depth or attrs.get("id") == self.element:
            self.depth += tag not in self.VOID

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        self.skip -= self.skip > 0
        self.depth -= self.depth > 0

    def handle_data(self, data):
        if not self.skip and (self.depth or not self.element):
            self.out.append(data)


def text_of(page, element=None):
    parser = Text(element)
    parser.feed(page)
    return " ".join(parser.out)


def to_html(markdown):
    """Paragraphs, headings and lists: enough to stand in a frame."""
    out = []
    markdown = re.sub(r"<!--.*?-->", "", markdown, flags=re.S)
    for block in re.split(r"\n\s*\n", markdown):
        block = block.strip()
        mark = re.match(r"(#{1,6}) +", block)
        if mark:
            tag = "h%d" % len(mark[1])
            out.append("<%s>%s</%s>" % (tag, html.escape(block[mark.end():]),
                                        tag))
        elif block.startswith(("- ", "* ")):
            out.append("<ul>%s</ul>" % "".join(
                "<li>%s</li>" % html.escape(re.sub(r"^\s*[-*] ", "", line))
                for line in block.split("\n")))
        elif block:
            out.append("<p>%s</p>" % html.escape(block))
    return "\n".join(out)


def texts(data):
    with open(os.path.join(data, "index.jsonl"), encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            name = case["file"]
            path = name if name.endswith(".html") else case["expected"]
            if name.endswith(".csv") or "wiki" in name:
                continue
            with open(os.path.join(data, path), encoding="utf-8") as f:
                page = f.read()
            if not name.endswith(".html"):
                page = to_html(page)
            body = re.search(r"<body[^>]*>(.*)</body>", page, re.S)
            page = body[1] if body else page
            if sum(words(text_of(page)).values()) >= 20:
                half = hashlib.sha1(name.encode()).digest()[0] % 2
                yield name, ("fit", "held")[half], page


def read(program, work, pages):
    folder = os.path.join(work, "boilerplate")
    kb = os.path.join(work, "boilerplate.kb")
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    for i, page in enumerate(pages):
        with open(os.path.join(folder, "%d.html" % i), "w",
                  encoding="utf-8") as f:
            f.write(page)
    subprocess.run([program, "--rebuild", "--no-graph", "--no-word-vectors",
                    kb, folder], check=True)
    dump = subprocess.run([program, "--dump", kb], check=True,
                          stdout=subprocess.PIPE).stdout
    found = {}
    for line in dump.decode().splitlines():
        record = json.loads(line)
        found[int(os.path.basename(record["id"])[:-5])] = record["text"]
    return found


def main(argv):
    if len(argv) != 4:
        sys.exit(__doc__)
    program, data, work = argv[1:]
    pages, wants, groups = [], [], []
    for _, half, text in texts(data):
        for frame, part, form in FRAMES:
            if half != part and frame != "none":
                continue
            pages.append("<!DOCTYPE html><html><head><meta charset=utf-8>"
                         "<title>A page</title></head>" +
                         form.replace("%(text)s", text) + "</html>")
            wants.append(words(text_of(text)))
            groups.append((half, frame))
    with open(os.path.join(data, "html/wiki_duck.html"),
              encoding="utf-8") as f:
        pages.append(f.read())
    wants.append(words(text_of(pages[-1], "bodyContent")))
    groups.append(("held", "encyclopaedia"))
    found = read(program, work, pages)
    sums = collections.defaultdict(lambda: [0, 0, 0, 0])
    for i, (want, group) in enumerate(zip(wants, groups)):
        got = words(found.get(i, ""))
        row = (1, sum(want.values()), sum((want & got).values()),
               sum((got - want).values()))
        for key in (group, (group[0], "")):
            sums[key] = [a + b for a, b in zip(sums[key], row)]
        if os.environ.get("KB_VERBOSE") and row[2] < .97 * row[1]:
            print(i, group, row, " ".join(list(want - got)[:12]))
    for (half, frame), (n, want, kept, other) in sorted(sums.items()):
        if frame:
            print("%-5s %-24s %4d pages, kept %.4f, frame %.4f" % (
                half, frame, n, kept / want, other / max(1, kept + other)))
    for half in ("fit", "held"):
        n, want, kept, other = sums[half, ""]
        print(json.dumps({"half": half, "pages": n,
                          "kept": round(kept / want, 4),
                          "frame": round(other / max(1, kept + other), 4)}))


if __name__ == "__main__":
    main(sys.argv)
