"""Pages made from a seed as some two hundred systems and templates would serve them: every field as the truth beside them says, or nearly."""
import shutil
import sys
import tempfile
import unittest

from harness import *

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "evaluate"))
import pages as evaluation
from made import make


class MadePages(Case):
    def test_fields_and_bodies(self):
        folder = tempfile.mkdtemp(prefix="fangzhi-made-")
        self.addCleanup(shutil.rmtree, folder, True)
        read = []
        for name, data, truth in make("e2e", 3):
            path = os.path.join(folder, name + ".html")
            with open(path, "wb") as file:
                file.write(data)
            read.append({"id": name, "path": path, "data": data, "url": truth["url"], "expected": truth})
        tally, misses = evaluation.Tally(), []
        for page, record in zip(read, evaluation.run_fangzhi(FANGZHI, read)):
            marks = evaluation.judge(page, record)
            bodies = ()
            if "body" in page["expected"]:
                wanted, got = evaluation.squeeze(page["expected"]["body"]), evaluation.squeeze(record["body"])
                bodies = (evaluation.f1(wanted, got, 1), evaluation.f1(wanted, got, 4))
            tally.add(marks, *bodies)
            misses += [f"{page['id']} {field}: {wanted!r} {got!r}" for field, (wanted, got, right) in marks.items() if not right]
        summary = tally.summary()
        for field, floor in {"kind": 0.99, "title": 0.985, "date": 0.985, "source": 0.98, "clicks": 0.985, "counter": 0.99, "author": 0.97,
                             "editor": 0.97, "document_number": 0.97, "index_number": 0.97}.items():
            self.assertGreaterEqual(summary["fields"][field]["exact"], floor, "\n".join(misses))
        self.assertGreaterEqual(summary["body"]["f1"], 0.985, "\n".join(misses))
        self.assertGreaterEqual(summary["body"]["at_90"], 0.98, "\n".join(misses))


if __name__ == "__main__":
    unittest.main()
