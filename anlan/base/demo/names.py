"""Invented names of people and schools; telephone numbers from a block that stands for no one."""

from collections.abc import Iterator
from random import Random

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武"
GIVEN_MEN = "伟强磊军勇杰涛明超鹏辉刚健斌华平亮波建国志文海林俊峰宇浩凯晨阳东亦川立新振宁思远承泽景行子谦"
GIVEN_WOMEN = "芳娜敏静丽艳娟霞秀英玲燕红梅莉萍雪慧婷颖琳洁蓉欣怡佳雯梦瑶诗涵语桐若溪书宁清妍安然晓彤"
VILLAGES = ["桂林", "新塘", "上坊", "下坊", "前进", "和平", "东风", "长岭", "龙山", "凤凰", "白马", "双溪", "大坪", "小坪", "梅岭", "竹园", "荷塘", "柳溪", "松林", "枫树", "石门", "金沙", "银坑", "铁炉", "古田", "新桥", "老街", "水口", "洋中", "后坂", "前洲", "上洋", "下洋", "东山", "西山", "南山", "北山", "高峰", "平原", "田心", "井头", "塘边", "桥头", "河口", "湖滨", "江边", "岭下", "坑口", "坪上", "坂头", "洲尾", "沙洲", "渡口", "牛角", "羊寨", "马鞍", "鹿溪", "鹤塘", "莲花", "兰田", "茶园", "果林", "麦埔", "稻香", "星光", "红旗", "向阳", "朝阳", "光明", "胜利", "团结", "幸福", "永安", "安乐", "太平", "兴隆", "富民", "崇文", "尚德", "明理"]
PRIVATE = ["小天使", "金太阳", "育才", "启明星", "七彩", "阳光", "蓓蕾", "童乐", "智慧树", "春苗", "大风车", "小博士", "爱贝", "未来星", "彩虹桥", "小白鸽", "培蕾", "新苗", "金摇篮", "贝尔", "蓝天", "星星", "小太阳", "快乐", "佳佳", "明珠", "向日葵", "苗苗", "花蕾", "希望"]


def person_name(rng: Random) -> tuple[str, str]:
    """A name and its sex code."""
    woman = rng.random() < 0.55
    given = GIVEN_WOMEN if woman else GIVEN_MEN
    return rng.choice(SURNAMES) + "".join(rng.sample(given, rng.choice((1, 2, 2)))), "2" if woman else "1"


def demo_phones() -> Iterator[str]:
    """Numbers of the block 138 0000 xxxx, each once, in an order that looks like none."""
    for count in range(10_000):
        yield f"1380000{(count * 7919 + 1234) % 10_000:04d}"


def once(names: Iterator[str], taken: set[str]) -> str:
    """The first name not yet taken; it is taken now."""
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return name
