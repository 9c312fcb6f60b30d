"""`fangzhi repair` on text made to cost much: its memory is bounded, whatever the length, and its time grows no faster than the text. Python's
standard library only."""
import random

from harness import *

MEGABYTE = 1_000_000
SENTENCE = "国务院办公厅关于进一步做好全县防汛抗旱工作的通知各乡镇人民政府要切实落实责任加强监测预警确保人民群众生命财产安全"


def latin(data):
    return data.decode("latin1")


def pieces(choices, length, seed=5):
    rng = random.Random(seed)
    return "".join(rng.choice(choices) for _ in range(length))


def ideographs(length, between, share):
    rng = random.Random(7)
    return "".join(between if rng.random() < share else chr(rng.randrange(0x4E00, 0x9FA6)) for _ in range(length))


def lossy(text):
    """UTF-8 read as GBK, with "?" for what is no pair."""
    data, out, at = text.encode(), [], 0
    while at < len(data):
        try:
            out.append(data[at:at + 2].decode("gbk"))
            at += 2
        except UnicodeError:
            out.append("?")
            at += 1
    return "".join(out)


# By name: the text, of at least so many bytes. What is cheap comes long.
CHEAP = {
    "private use": lambda n: "".join(chr(0xE000 + i * 7919 % 0x765) for i in range(n // 3)),
    "锟斤拷": lambda n: "锟斤拷" * (n // 9),
    "glosses": lambda n: pieces(["來(lái)", "國(guó)", "為(wèi)", "當?shù)剞", "農(nóng)", "發(fā)展", "們?nèi)粘", "業(yè)"], n // 9),
    "glosses at random": lambda n: pieces(["国(guo)(guo)务", "院(yuan)", "的", "是(shi)☆"], n // 8),
    "short lines": lambda n: latin(SENTENCE.encode("gbk")) + "\n浣犲ソ\nÖÐ¹ú" * (n // 18),
    "references": lambda n: "".join("&#%d;" % b for b in SENTENCE.encode("gbk")) * (n // 660),
    "references without end": lambda n: "&#214;" * (n // 6),
    "GBK as Latin-1": lambda n: latin(SENTENCE.encode("gbk")) * (n // 220),
    "UTF-8 four times": lambda n: latin(latin(latin(latin(SENTENCE.encode()).encode()).encode()).encode()) * (n // 1800),
    "HZ": lambda n: "~{" + "".join(chr(b & 0x7F) for b in SENTENCE.encode("gb2312")) * (n // 110) + "~}",
    "shifts without end": lambda n: "~{" * (n // 2),
    "pinyin": lambda n: "中" + "zhègèshìnǎodài" * (n // 20) + "年",
}
DEAR = {
    "ideographs and ?": lambda n: ideographs(n // 3, "?", 0.25),
    "ideographs and U+FFFD": lambda n: ideographs(n // 3, "\ufffd", 0.15),
    "families in turn": lambda n: (latin(SENTENCE.encode()) + lossy(SENTENCE) + SENTENCE.encode("gbk").decode("cp949", "ignore")) * (n // 700),
    "UTF-8 as GBK, lossy": lambda n: lossy(SENTENCE) * (n // 250),
    "glosses out of step": lambda n: "來(lái)國(guó)為(wèi)農(nóng)業(yè)發(fā)\n" * 20 + pieces(["?", "?，", "當?shù)剞", "縣", "模"], n // 3),
}


class HostileText(Case):
    def peak_of(self, make, size):
        """Megabytes of the text and of the memory that the program took at most, and seconds of a processor."""
        path = os.path.join(self.directory, "text")
        # The system counts a process's memory from before it became another program: this one stays small.
        writer = os.fork()
        if writer == 0:
            try:
                with open(path, "wb") as file:
                    file.write(make(size).encode("utf-8", "ignore"))
            finally:
                os._exit(0)
        os.waitpid(writer, 0)
        with open(os.devnull, "wb") as nothing:
            process = subprocess.Popen([FANGZHI, "repair", path], stdout=nothing)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return os.path.getsize(path) / MEGABYTE, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime

    def setUp(self):
        super().setUp()
        _, self.idle, _ = self.peak_of(lambda n: "", 0)
        if self.idle > 60:
            self.skipTest("a sanitizer's memory says nothing: %.0f MB without any text" % self.idle)

    def test_memory_is_a_small_multiple(self):
        # What the tables of the searches take, and what a text may: hundreds of times its bytes were what a search held of a line before it
        # was bounded.
        tables, times = 28, 36
        for kinds, size in ((CHEAP, MEGABYTE), (DEAR, MEGABYTE // 10)):
            for name, make in kinds.items():
                megabytes, peak, _ = self.peak_of(make, size)
                self.assertGreater(megabytes, 0.7 * size / MEGABYTE, name)
                self.assertLess(peak - self.idle, tables + times * megabytes, name)

    def test_twice_the_text_takes_no_more_memory_and_twice_the_time(self):
        for name in ("private use", "glosses", "references", "GBK as Latin-1"):
            _, once, time_of_once = self.peak_of(CHEAP[name], MEGABYTE)
            _, twice, time_of_twice = self.peak_of(CHEAP[name], 2 * MEGABYTE)
            self.assertLess(twice - once, 16, name)
            self.assertLess(time_of_twice, 3 * time_of_once + 0.2, name)


if __name__ == "__main__":
    unittest.main()
