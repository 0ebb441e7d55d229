"""The words that the finders look for, grouped by what they mean: English as a list, Chinese in simplified characters.

An English entry is a regular expression for whole words; a trailing * lets its last word go on.
"""

from __future__ import annotations

import re


def words(english: str, chinese: str = "") -> re.Pattern[str]:
    """Return a pattern for English entries separated by " | " and Chinese ones separated by spaces.

    It looks at a character before it tries the list behind it, for most places in a text begin no entry.
    """
    entries = re.split(r"\s+\|\s+", english.strip())
    latin = "".join(sorted({entry[0] for entry in entries}))
    listed = "|".join(entry.removesuffix("*") + r"\w*" * entry.endswith("*") for entry in entries)
    pattern = rf"(?=[{latin}{latin.upper()}])(?<![A-Za-z])(?i:(?:{listed})(?![A-Za-z]))"
    if chinese:
        terms = chinese.split()
        first = "".join(sorted({term[0] for term in terms}))
        pattern += rf"|(?=[{first}])(?:{'|'.join(terms)})"
    return re.compile(pattern)


# Taiwan, the Strait, and what belongs to them alone.
HERE = words(
    """taiwan* | taipei* | cross-strait | the strait | median line | adiz | air defen[cs]e identification zone
    | kinmen* | matsu | penghu* | pratas | dongsha | bashi channel | luzon strait
    | eastern theat(?:er|re) command | reunification | kaohsiung* | hualien* | taichung* | tainan* | han kuang
    | strait thunder* | joint sword* | justice mission* | republic of china | self-(?:ruled|governing) island
    | hai kun | hsiung feng | sky bow | nt(?=\\$) | t(?=\\$)""",
    """台湾 台海 台岛 台独 台北 台军 台方 海峡中线 逾越中线 越过中线 对台 抵台 售台 援台 犯台 攻台 侵台 环台 围台
    绕台 扰台 访台 友台 挺台 驻台 涉台 赴台 台当局 台防务
    台媒 台空军 台海军 台陆军 国台办 东部战区 共机 共军 共舰 国军 国防部侦获 汉光 海峡雷霆 联合利剑 正义使命 金门
    马祖 澎湖 东沙 花莲 高雄 台中 台南 屏东 立法院 立委 行政院 国防特别 特别条例 蓝白 民进党 国民党 顾立雄
    赖清德 海鲲 雄风 勇鹰 潜舰国造 国舰国造 国机国造 新台币 台币 中科院 海巡署 义务役 教召""",
)
# Parties whose figures are their own.
ELSEWHERE = words(
    """ukrain* | russia* | moscow* | kyiv* | israel* | gaza* | hamas | iran* | houthi* | yemen* | syria* | lebanon*
    | poland* | polish | germany* | german | baltic* | greece* | athens | belgium* | norway* | denmark* | spain*
    | romania* | lithuania* | estonia* | latvia* | finland* | sweden* | nato | north korea* | south korea*
    | pyongyang* | seoul* | vietnam* | thailand* | india | indian | pakistan* | myanmar* | venezuela* | cuba*
    | saudi* | qatar* | turkey* | türkiye | egypt* | sudan* | africa* | scarborough* | second thomas | spratly*
    | paracel* | senkaku* | philippine* | manila* | japan* | tokyo* | australia* | canberra* | new zealand*
    | aukus""",
    """乌克兰 俄罗斯 俄军 以色列 加萨 加沙 伊朗 胡塞 叙利亚 波兰 德国 北约 朝鲜 韩国 南韩 沙国 越南 泰国 印度
    巴基斯坦 缅甸 委内瑞拉 沙特 沙乌地 土耳其 黄岩岛 仁爱礁 钓鱼岛 尖阁 菲律宾 菲国 菲方 日本 日方 澳洲 澳大利亚""",
)

# Whether drones and missiles are bought or seen: with both, seen.
BUYING = words(
    """buy | bought | buying | purchas* | acquir* | acquisition* | procur* | orders? | ordered | sales? | sells?
    | sold | selling | deliver* | produc* | build | building | built | manufactur* | contracts? | package
    | budget* | receiv* | seeks? | supply | supplies | arms | fleet of | indigenous | stockpile*
    | factor(?:y|ies) | makers? | made | hand(?:s|ed|ing) over | tranche""",
    """采购 购买 月产 年产 产能 产量 购置 军购 军售 交付 订购 订单 量产 建造 接收 生产 交机 出售 售台 采买 筹获
    列装 国造 预算 部署在台""",
)
MOVING = words(
    """cross* | enter* | flew | fly | flies | flying | flown | detect* | spots? | spotted | track* | sen[dt]s?
    | sending | dispatch* | scrambl* | sail* | transit* | fire | fires | fired | firing | launch* | circl*
    | encircl* | patrol* | incursions? | intrud* | shadow* | simulat* | operating | drills? | exercis*
    | surround* | monitor* | warn* | median line | sighted | observed""",
    """出动 侦获 侦测 侦察到 派出 派遣 绕台 扰台 进入 逾越 越过 活动 飞越 穿越 发射 巡航 驱离 演习 演训 军演 战备
    周边 海空域""",
)
# Troops that are hurt, on trial or at a flood say nothing of strength.
HARM = words(
    """injur* | wound* | kill* | dead | died | dies | missing | indict* | convicts | convict(?:ed|ion)* | sentenc*
    | jail* | arrest* | spy | spies | spying | espionage | typhoon | quake | earthquake | flood* | landslide
    | bribe* | court | prosecut*""",
    "伤 亡 殉职 失踪 起诉 判刑 判处 谍 收押 羁押 法办 台风 地震 救灾 洪 堰塞湖 酒驾 自杀 霸凌 诈",
)
# Drones that fly for an audience.
SHOW = words(
    "festival* | fireworks* | light show | drone show",
    "花火 无人机秀 表演 灯会 烟火 跨年",
)

ARMS = words(
    """arms | weapons? | military (?:sales?|equipment|hardware|package) | foreign military sale* | munitions?
    | missiles? | f-?16* | himars | harpoon* | patriot* | javelin* | stinger* | torpedo* | howitzer*
    | sustainment | spare parts""",
    "军售 售台 军购 武器 军火 飞弹 导弹 弹药 战机 火箭 零附件 战车 鱼雷 雷达 榴弹炮",
)
SALE = words(
    "sales? | sell | sells | selling | sold | deals? | packages? | backlog | purchas* | buy* | orders?",
    "军售 售台 对台售 出售 销售 军购 采购 发价书 军备交易",
)
AID = words(
    "aid | assistance | foreign military financing | fmf | drawdown | grants? | loans?",
    "军援 援助 军事融资 提用权",
)
BUDGET = words(
    "budget* | spending | spend | outlays? | appropriat* | special (?:act|bill|statute)",
    "预算 军费 开支 条例 支出 经费 追加",
)
COST = words(
    "costs? | priced? | worth | valued? | deposit | paid | pays? | bill",
    "造价 总价 价值 耗资 斥资 花费 付",
)
DEFENCE = words(
    """defen[cs]es? | defensive* | military | armed forces | threats? | deter* | invasion | navy | air force
    | submarines? | warships? | drones? | fighter* | jets? | warplanes? | coast guard | vessel | troops | t-dome
    | asymmetric* | aircraft | anti-tank | anti-ship | ammunition | radars? | rockets?""",
    "国防 军 防卫 防空 潜舰 潜艇 无人机 无人载具 战机 飞弹 导弹 舰 台湾之盾",
)
# What leaves no doubt that money is for arms or forces.
STRONG = words(
    """arms (?:sale|deal|package|plan|bill|act)* | weapons (?:sale|deal|package)*
    | military (?:sale|spending|budget|aid|assistance|equipment)* | special (?:defen[cs]e|military)*
    | defen[cs]e (?:budget|spending|package|plan|bill|act)*""",
    "军售 军购 国防预算 国防特别 军费 军援 国防支出",
)
# Money for other things, in an item that may name Taiwan and its forces all the same.
CIVIL = words(
    """tsmc* | chip* | semiconductor* | tariff* | invest* | touris* | museum* | pension* | exports? | imports?
    | fine | fined | fines | revenues? | profits? | earnings | shares? | stocks? | market cap* | trade
    | housing* | climate* | quake* | typhoon* | bond* | fund | reserves | gold | lottery* | health | cash
    | scam* | fraud* | bribe* | crypto* | bonus* | agents? | spy | spies | espionage* | prosecut* | luxury*
    | private equity* | start-?up* | grid | ice cream* | salar(?:y|ies) | wages? | tax | taxes | taxpayers""",
    """台积电 晶片 芯片 半导体 关税 投资 观光 旅客 退休 出口 进口 营收 获利 股 市值 贸易 房 气候 地震 台风 基金 债
    黄金 乐透 健保 诈 贿 薪 奖金 普发 现金 税 赌 票房 消费 贪污 抽成 助理费""",
)
# Who gives military aid: "$400m of aid" from them is that.
GIVER = words(
    """us(?!\\$) | u\\.s\\. | washington | state dep* | pentagon | congress | trump | biden | senate | house
    | america*""",
    "美(?!元|金) 川普 特朗普 拜登 白宫 国会 五角大",
)
# Bills for several countries at once; only a sum said to be for Taiwan is Taiwan's.
SHARED = words(
    """ndaa | authori[sz]ation (?:act|bill) | pentagon(?:'s)? (?:budget|spending|bill) | supplemental*
    | foreign aid (?:bill|law|package|act) | aid (?:bill|law) | indo-pacific* | omnibus*""",
    "国防授权法 授权法案 补充拨款",
)

# Ships of a state that are not its navy's, and craft that are no state's.
OFFICIAL = words(
    """coast[ -]?guard* | official | patrol | maritime (?:patrol|safety|surveillance) | law[ -]enforcement | ccg
    | fisher(?:y|ies) (?:admin|law|enf)* | government""",
)
CIVILIAN = words(
    """fishing | cargo | merchant | container | cruise | commercial | civilian | research | survey | tanker | oil
    | gas | lng | sand | dredg* | ferry | passenger | militia | private | business | cable | airline | airliner
    | civil | shadow | party | toy | hot[- ]air | space | hospital | sister | relief | tall | police | rescue
    | medical""",
)
SERVICE = words(
    """conscript* | military service | compulsory (?:military )?service | mandatory (?:military )?service
    | national service | alternative (?:military )?service | draft | draftees?""",
    "义务役 兵役 役期 征兵",
)
