#!/usr/bin/env python3
"""Write an SPDX 2.3 document of the programs and of what is in them.

usage: sbom.py VERSION < LINKED > kb.spdx.json

LINKED has a line "PROGRAM PATH" for each archive of which something is in a
program and for each shared object that it needs ('make sbom' asks the linker).
One that the table below does not name is an error: NOTICE lacks it, too. Times
come from SOURCE_DATE_EPOCH, so that the same tree gives the same document.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import time

# Library: licence as SPDX writes it, supplier, name for pkg-config.
LIBRARIES = {
    "jansson": ("MIT", "Petri Lehtinen", "jansson"),
    "pcre2-8": ("BSD-3-Clause", "University of Cambridge", "libpcre2-8"),
    "stemmer": ("BSD-3-Clause", "Snowball", None),
    "utf8proc": ("MIT AND Unicode-DFS-2015", "JuliaStrings", "libutf8proc"),
    "zstd": ("BSD-3-Clause", "Meta Platforms, Inc.", "libzstd"),
    "z": ("Zlib", "Jean-loup Gailly and Mark Adler", "zlib"),
    "cmark": ("BSD-2-Clause AND MIT", "John MacFarlane", "libcmark"),
    "c": ("LGPL-2.1-or-later", "Free Software Foundation", None),
    "m": ("LGPL-2.1-or-later", "Free Software Foundation", None),
    "mvec": ("LGPL-2.1-or-later", "Free Software Foundation", None),
    "gcc": ("GPL-3.0-or-later WITH GCC-exception-3.1",
            "Free Software Foundation", None),
}
SAME = {"gcc_eh": "gcc", "gcc_s": "gcc", "dl": "c", "pthread": "c",
        "c_nonshared": "c"}

# Files of the tree by others: name, version, licence, supplier, in which file.
TABLES = [
    ("OpenCC TSCharacters", None, "Apache-2.0", "Carbo Kuo",
     "lib/text/han_table.c"),
    ("Unihan kMandarin", "15.0", "Unicode-DFS-2016", "Unicode, Inc.",
     "lib/text/han_table.c"),
    ("SCOWL", "2020.12.07", "LicenseRef-SCOWL", "Kevin Atkinson",
     "lib/query/common_words_table.c"),
    ("jieba dict.txt", "0.42.1", "MIT", "Sun Junyi",
     "lib/query/common_words_table.c"),
    ("tiktoken o200k_base", None, "MIT", "OpenAI",
     "lib/token/data/o200k_base.tiktoken.zst"),
    ("tiktoken cl100k_base", None, "MIT", "OpenAI",
     "lib/token/data/cl100k_base.tiktoken.zst"),
    ("Unicode categories", "16.0", "Unicode-3.0", "Unicode, Inc.",
     "lib/token/token_class_table.c"),
    ("Unicode categories", "8.0", "Unicode-3.0", "Unicode, Inc.",
     "lib/token/piece/wordpiece_table.c"),
]
# Opened by a running program: library, licence, supplier, programs.
OPENED = [
    ("libcurl", "curl", "Daniel Stenberg", ["llm-call", "kb-ask"]),
    ("libxml2", "MIT", "Daniel Veillard", ["kb-index"]),
    ("libedit", "BSD-3-Clause", "The NetBSD Foundation", ["kb-ask"]),
]


def ident(*words):
    return "SPDXRef-" + re.sub("[^A-Za-z0-9.-]", "-", "-".join(words))


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True,
                              check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def version_of(library, pkg_config, path):
    """What the package says before what pkg-config does: some .pc lag."""
    if library == "gcc":
        return output_of("cc", "-dumpfullversion")
    if library in ("c", "m", "mvec"):
        return output_of("getconf", "GNU_LIBC_VERSION").split(" ")[-1]
    owner = output_of("dpkg", "-S", path).split(":")[0]
    version = output_of("dpkg-query", "-W", "-f=${Version}", owner) \
        if owner else ""
    if not version and pkg_config:
        version = output_of("pkg-config", "--modversion", pkg_config)
    return re.sub(r"^\d+:|([-+]|\.dfsg).*$", "", version)


def sha256(path):
    with open(path, "rb") as file:
        return [{"algorithm": "SHA256",
                 "checksumValue": hashlib.sha256(file.read()).hexdigest()}]


def package(name, spdx_id, version, licence, supplier, **more):
    out = {"name": name, "SPDXID": spdx_id, "downloadLocation": "NOASSERTION",
           "filesAnalyzed": False, "licenseConcluded": licence,
           "licenseDeclared": licence, "copyrightText": "NOASSERTION",
           "supplier": "Organization: " + supplier}
    if version:
        out["versionInfo"] = version
    out.update(more)
    return out


def library_of(path):
    """Its name in LIBRARIES, or None for what is the tree's own."""
    found = re.match(r"lib(.+?)\.(?:a|so)\b", os.path.basename(path))
    if not found or found[1] == "kb":
        return None
    name = re.sub(r"^m-[0-9.]+$", "m", SAME.get(found[1], found[1]))
    if name not in LIBRARIES:
        sys.exit(f"sbom.py: '{path}' is linked, and neither this script nor "
                 "NOTICE says its licence")
    return name


def main():
    version = sys.argv[1]
    linked = {}
    for line in sys.stdin:
        program, path = line.split(None, 1)
        linked.setdefault(program, set()).add(os.path.realpath(path.strip()))
    if not linked:
        sys.exit("sbom.py: no program on standard input")
    relations = []

    def relate(a, kind, b):
        relations.append({"spdxElementId": a, "relationshipType": kind,
                          "relatedSpdxElement": b})

    own = package("kb", "SPDXRef-kb", version, "MIT", "the kb authors",
                  primaryPackagePurpose="APPLICATION",
                  copyrightText="Copyright (c) 2026 the kb authors")
    packages = {"SPDXRef-kb": own}
    relate("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-kb")
    for program in sorted(linked):
        at = ident("program", program)
        packages[at] = package(program, at, version, "MIT", "the kb authors",
                               primaryPackagePurpose="APPLICATION")
        relate("SPDXRef-kb", "CONTAINS", at)
        by_id = {}
        for path in sorted(linked[program]):
            name = library_of(path)
            if not name or name == "c" and not path.endswith(
                    ("libc.a", "libc.so.6")):
                continue
            static = path.endswith(".a")
            licence, supplier, pkg_config = LIBRARIES[name]
            spdx_id = ident("lib", name, "static" if static else "shared")
            packages[spdx_id] = package(
                {"c": "glibc", "m": "glibc libm", "mvec": "glibc libmvec",
                 "gcc": "libgcc", "z": "zlib"}.get(name, name), spdx_id,
                version_of(name, pkg_config, path), licence, supplier,
                primaryPackagePurpose="LIBRARY", checksums=sha256(path),
                packageFileName=os.path.basename(path))
            by_id[spdx_id] = "STATIC_LINK" if static else "DYNAMIC_LINK"
        for spdx_id, kind in sorted(by_id.items()):
            relate(at, kind, spdx_id)
    at = ident("lib", "xxhash", "header")
    packages[at] = package("xxHash", at, output_of(
        "pkg-config", "--modversion", "libxxhash"), "BSD-2-Clause",
        "Yann Collet", primaryPackagePurpose="SOURCE",
        comment="the header alone, in line")
    relate("SPDXRef-kb", "CONTAINS", at)
    for name, number, licence, supplier, file in TABLES:
        at = ident("data", name, number or "")
        packages[at] = package(name, at, number, licence, supplier,
                               primaryPackagePurpose="SOURCE", comment=file,
                               checksums=sha256(file))
        relate("SPDXRef-kb", "CONTAINS", at)
    for name, licence, supplier, programs in OPENED:
        at = ident("opened", name)
        packages[at] = package(name, at, None, licence, supplier,
                               primaryPackagePurpose="LIBRARY",
                               comment="opened while the program runs")
        for program in programs:
            if program in linked:
                relate(at, "OPTIONAL_DEPENDENCY_OF", ident("program", program))
    when = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())))
    entries = [packages[k] for k in sorted(packages)]
    digest = hashlib.sha256(json.dumps(
        [entries, relations]).encode()).hexdigest()
    json.dump({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT", "name": f"kb-{version}",
        "documentNamespace": f"urn:kb:spdx:{version}:{digest[:32]}",
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", when),
            "creators": [f"Tool: kb-sbom-{version}"]},
        "documentDescribes": ["SPDXRef-kb"],
        "packages": entries, "relationships": relations,
        "hasExtractedLicensingInfos": [{
            "licenseId": "LicenseRef-SCOWL", "name": "SCOWL",
            "extractedText": scowl()}],
    }, sys.stdout, indent=1, ensure_ascii=False)
    print()


def scowl():
    """The permission, out of the head of the table."""
    with open("lib/query/common_words_table.c", encoding="utf8") as file:
        head = file.read(2000)
    text = re.sub(r"\s*\n \*\s*", " ", head)
    return re.search(r'Copyright 2000.*?express or implied warranty\."',
                     text)[0]


main()
