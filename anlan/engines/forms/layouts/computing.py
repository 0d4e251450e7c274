"""Computing formulas over cells in exact decimals; cells that refer to each other in a circle are refused."""

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from anlan.engines.forms.layouts.formulas import (
    Area,
    Call,
    Cell,
    Node,
    Number,
    Operation,
    Words,
    named,
    parse,
)
from anlan.kernel.errors import Rejected

EXACT = Context(prec=28, rounding=ROUND_HALF_UP, traps=[DivisionByZero, InvalidOperation, Overflow])
PLACES = Decimal("0.000001")
WIDE = Decimal(10) ** 20


class Failed:
    """Stands in a cell whose formula has no value, so that those leaning on it have none either."""


FAILED = Failed()
Value = Decimal | str | bool | None
Values = Mapping[str, Value | Failed]


class Uncomputable(ValueError):
    """A formula that has no value with these cells, such as a division by nothing."""


def order_of(formulas: Mapping[str, str]) -> list[tuple[str, Node]]:
    """Formulas so that each comes after those it looks at; Rejected, naming the circle, where there is one."""
    trees = {at: parse(formula) for at, formula in formulas.items()}
    needs = {at: [one for one in dict.fromkeys(named(tree)) if one in trees] for at, tree in trees.items()}
    done: dict[str, None] = {}
    for start in trees:
        _visit(start, needs, done)
    return [(at, trees[at]) for at in done]


def _visit(start: str, needs: Mapping[str, list[str]], done: dict[str, None]) -> None:
    """Depth first without recursion: formulas may lean on each other in long chains."""
    path: dict[str, int] = {start: 0}
    while path and start not in done:
        at = next(reversed(path))
        waiting = [one for one in needs[at][path[at] :] if one not in done]
        if not waiting:
            done[at] = None
            del path[at]
            continue
        if waiting[0] in path:
            line = [*list(path)[list(path).index(waiting[0]) :], waiting[0]]
            raise Rejected({"formula": f"公式循环引用：{' → '.join(line)}"})
        path[at] = needs[at].index(waiting[0])
        path[waiting[0]] = 0


def computed(formulas: Mapping[str, str], values: Values) -> dict[str, Value]:
    """The value of every formula; one that has none is left out. Rejected for circles."""
    return run_through(order_of(formulas), values)


def run_through(order: Iterable[tuple[str, Node]], values: Values) -> dict[str, Value]:
    """The same for formulas that were put in order before."""
    known: dict[str, Value | Failed] = dict(values)
    found: dict[str, Value] = {}
    for at, tree in order:
        try:
            value = known[at] = _settled(_value(tree, known))
        except Uncomputable:
            known[at] = FAILED
            continue
        if value is not None:
            found[at] = value
    return found


def _settled(value: Value) -> Value:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value


def _value(tree: Node, known: Values) -> Value:
    if isinstance(tree, (Number, Words)):
        return tree.value
    if isinstance(tree, Cell):
        return _at(tree.at, known)
    if isinstance(tree, Operation):
        return _operate(tree, known)
    if isinstance(tree, Call):
        return _if(tree, known) if tree.name == "IF" else CALLS[tree.name](tree, known)
    raise Uncomputable("区域只能写在函数里")


def _at(at: str, known: Values) -> Value:
    value = known.get(at)
    if isinstance(value, Failed):
        raise Uncomputable(at)
    return value


def _number(value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if value is None or value == "":
        return Decimal(0)
    if isinstance(value, bool):
        return Decimal(int(value))
    raise Uncomputable("不是数字")


def _operate(tree: Operation, known: Values) -> Value:
    right = _value(tree.right, known)
    if tree.left is None:
        return _number(right) if tree.sign == "+" else EXACT.minus(_number(right))
    left = _value(tree.left, known)
    if tree.sign in COMPARE:
        return _compare(tree.sign, left, right)
    try:
        return ARITHMETIC[tree.sign](_number(left), _number(right))
    except ArithmeticError:
        raise Uncomputable("除数为零，或结果太大") from None


ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": EXACT.add,
    "-": EXACT.subtract,
    "*": EXACT.multiply,
    "/": EXACT.divide,
}
COMPARE: dict[str, Callable[[int], bool]] = {
    "=": lambda side: side == 0,
    "<>": lambda side: side != 0,
    "<": lambda side: side < 0,
    "<=": lambda side: side <= 0,
    ">": lambda side: side > 0,
    ">=": lambda side: side >= 0,
}


def _compare(sign: str, left: Value, right: Value) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        one, other = ("" if value is None else str(value) for value in (left, right))
        return COMPARE[sign]((one > other) - (one < other))
    first, second = _number(left), _number(right)
    return COMPARE[sign]((first > second) - (first < second))


def _if(tree: Call, known: Values) -> Value:
    said = _value(tree.given[0], known)
    holds = said == "是" if isinstance(said, str) else bool(_number(said))
    if holds:
        return _value(tree.given[1], known)
    return _value(tree.given[2], known) if len(tree.given) > 2 else False


def _numbers(tree: Call, known: Values) -> list[Decimal]:
    """Numbers among the arguments; blanks and words in ranges do not count, as in a spreadsheet."""
    found: list[Value] = []
    for one in tree.given:
        found += [_at(at, known) for at in one.cells] if isinstance(one, Area) else [_value(one, known)]
    return [value for value in found if isinstance(value, Decimal)]


def _sum(tree: Call, known: Values) -> Value:
    total = Decimal(0)
    try:
        for number in _numbers(tree, known):
            total = EXACT.add(total, number)
    except ArithmeticError:
        raise Uncomputable("结果太大") from None
    return total


def _average(tree: Call, known: Values) -> Value:
    numbers = _numbers(tree, known)
    if not numbers:
        raise Uncomputable("没有数字")
    total = _sum(tree, known)
    return EXACT.divide(_number(total), Decimal(len(numbers)))


def _round(tree: Call, known: Values) -> Value:
    places = _number(_value(tree.given[1], known))
    if not -12 <= places <= 12:
        raise Uncomputable("小数位太多")
    try:
        return EXACT.quantize(_number(_value(tree.given[0], known)), Decimal(1).scaleb(-int(places)))
    except ArithmeticError:
        raise Uncomputable("结果太大") from None


CALLS: dict[str, Callable[[Call, Values], Value]] = {
    "SUM": _sum,
    "AVERAGE": _average,
    "COUNT": lambda tree, known: Decimal(len(_numbers(tree, known))),
    "MIN": lambda tree, known: min(_numbers(tree, known), default=Decimal(0)),
    "MAX": lambda tree, known: max(_numbers(tree, known), default=Decimal(0)),
    "ROUND": _round,
}


def plain(value: Value, places: int | None = None) -> str | None:
    """A value as it is stored and shown: numbers without an exponent or trailing zeros; None for none."""
    if value is None or isinstance(value, str):
        return value or None
    number = _number(value)
    if abs(number) < WIDE:
        number = EXACT.quantize(number, PLACES if places is None else Decimal(1).scaleb(-places))
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if places is None and "." in text else text
