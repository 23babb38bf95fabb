"""Words that few people in a district can say of themselves, and words that say nothing of anybody. Pure: lists."""


def _listed(names: str) -> frozenset[str]:
    return frozenset(one.strip() for one in names.replace("\n", " ").split(",") if one.strip())


RARE_CONDITIONS = _listed("""
    achondroplasia, acromegaly, addison’s disease, adrenoleukodystrophy, albinism, alkaptonuria, als, alström,
    amyloidosis, angelman, anencephaly, aniridia, anophthalmia, arthrogryposis, ataxia, ataxia telangiectasia,
    barth, bardet-biedl, batten, behçet, brittle bone, cadasil, cerebellar ataxia, charcot-marie-tooth, charge
    syndrome, cockayne, conjoined, cornelia de lange, creutzfeldt-jakob, cri du chat, cystic fibrosis, cystinosis,
    dancing eye, deafblind, deafblindness, devic, digeorge, dravet, duchenne, dwarfism, dyskeratosis, dystonia,
    edwards syndrome, elephantiasis, encephalitis lethargica, epidermolysis bullosa, fabry, fahr, fatal familial
    insomnia, fibrodysplasia ossificans progressiva, fragile x, friedreich, gaucher, guillain-barré, guillain-barre,
    gigantism, haemophilia, hand transplant, face transplant, hunter syndrome, huntington, huntington’s,
    huntington's, hurler, hydranencephaly, ichthyosis, inclusion body myositis, kabuki syndrome, kennedy’s disease,
    kleine-levin, klinefelter, klippel-feil, krabbe, lafora, landau-kleffner, leber, leigh syndrome, lennox-gastaut,
    lesch-nyhan, leukodystrophy, locked-in, locked in syndrome, lowe syndrome, maple syrup, marfan, mcardle, menkes,
    mitochondrial, moebius, motor neurone, motor neuron, moyamoya, mucopolysaccharidosis, multiple system atrophy,
    myasthenia, myotonic, narcolepsy with cataplexy, nemaline, neuroacanthocytosis, neurofibromatosis, niemann-pick,
    noonan, norrie, ondine, osteogenesis imperfecta, patau, pku, phenylketonuria, phocomelia, pitt-hopkins, pompe,
    porphyria, prader-willi, primary lateral sclerosis, progeria, progressive supranuclear palsy, pseudomyxoma,
    quadruple amputee, rasmussen, refsum, rett, rubinstein-taybi, sanfilippo, sarcoidosis of the brain, scleroderma,
    sickle cell, smith-magenis, sotos, spinal muscular atrophy, spinocerebellar, stickler, stiff person,
    sturge-weber, susac, tay-sachs, thalidomide, transverse myelitis, treacher collins, trisomy 13, trisomy 18,
    tuberous sclerosis, turner syndrome, usher syndrome, vacterl, vanishing white matter, von hippel-lindau,
    waardenburg, werner syndrome, williams syndrome, wilson’s disease, wolf-hirschhorn, wolfram, xeroderma,
    zellweger
""")
"""Conditions that about one person in five thousand has, or fewer."""

RARE_LANGUAGES = _listed("""
    abkhaz, acholi, afar, afrikaans, ainu, albanian, amharic, aramaic, armenian, assyrian, aymara, azeri,
    azerbaijani, balochi, bambara, basque, belarusian, bemba, berber, bislama, breton, burmese, catalan, cebuano,
    chechen, chewa, cornish, corsican, creole, croatian, dari, dinka, dzongkha, esperanto, estonian, ewe, faroese,
    fijian, finnish, flemish, fula, galician, ganda, georgian, greenlandic, guarani, haitian, hakka, hausa,
    hawaiian, hmong, icelandic, igbo, ilocano, inuit, javanese, jola, kannada, karen, kazakh, khmer, kikuyu,
    kinyarwanda, kirundi, kongo, konkani, krio, kyrgyz, lao, lingala, lingua franca, luganda, luo, luxembourgish,
    maasai, macedonian, malagasy, malay, maltese, mandinka, manx, maori, marathi, mirpuri, mongolian, montenegrin,
    navajo, ndebele, nepali, norwegian, nuer, odia, oriya, oromo, ossetian, papiamento, pidgin, quechua, rohingya,
    romani, romansh, samoan, sango, sanskrit, serbian, shona, sindhi, sinhala, sinhalese, slovene, slovenian, sotho,
    sundanese, swahili, swazi, tagalog, tahitian, tajik, tatar, telugu, tetum, thai, tibetan, tigre, tigrinya,
    tongan, tswana, turkmen, tuvan, twi, uyghur, uzbek, wolof, xhosa, yiddish, yoruba, zaza, zulu
""")
"""Languages that in most districts of England only a few families speak."""

RARE_ROLES = _listed("""
    mayor, lord mayor, mayoress, sheriff, bishop, archdeacon, vicar, rector, curate, rabbi, imam, cantor, nun, monk,
    abbess, abbot, canon, dean of, head teacher, headteacher, headmaster, headmistress, councillor, member of
    parliament, magistrate, judge, coroner, usher at, town crier, lollipop man, lollipop lady, postmaster,
    postmistress, runs the post office, run the post office, keep the village shop, runs the village shop, run the
    village shop, landlord of the, landlady of the, station master, harbour master, lighthouse keeper, lock keeper,
    ferryman, ran the ferry, run the ferry, gravedigger, undertaker, blacksmith, thatcher, bell ringer, town clerk,
    high sheriff, lord lieutenant, astronaut, olympian, paralympian, olympic, paralympic, world champion, county
    champion, national champion, squad, conduct the orchestra, conducts the orchestra, conductor of, organist at,
    organist of, chief constable, fire chief, ambassador, duke, duchess, earl, countess, baron, baroness, sculptor,
    novelist, ventriloquist, magician, clown, circus, lion tamer, jockey, falconer, beekeeper to
""")
"""Work and honours that one or two people in a district have or had."""

UNUSUAL_COMPANY = _listed("""
    alpaca, alpacas, llama, llamas, ostrich, peacock, peacocks, emu, emus, python, pythons, iguana, tarantula,
    monkey, marmoset, lemur, falcon, hawk, owl, eagle, ferrets, pot-bellied pig, micro pig, donkey, donkeys,
    reindeer, skunk, wallaby, shire horse, shire horses
""")
"""Animals that neighbours know the house by."""

LANDMARKS = _listed("""
    abbey, allotment, bakery, baker, bank, barracks, bookies, bowling green, brewery, bridge, bus station, butcher,
    café, cafe, canal, car wash, castle, cathedral, cemetery, chapel, chemist, chippy, chip shop, church, cinema,
    clock tower, coast guard, college, community centre, co-op, corner shop, court, cricket ground, cricket club,
    dentist, dock, factory, farm shop, ferry, fire station, fish and chip shop, florist, football ground, garage,
    golf course, gurdwara, hairdresser, harbour, health centre, hospital, hotel, junior school, kebab shop, leisure
    centre, library, lifeboat station, lighthouse, lock, mosque, museum, newsagent, nursery, off-licence, park gate,
    petrol station, pier, police station, post office, prison, pub, quay, racecourse, railway, rectory, roundabout,
    school, stables, stadium, station, statue, substation, supermarket, surgery, synagogue, takeaway, temple,
    theatre, town hall, university, vet, vicarage, viaduct, village green, village hall, war memorial, water tower,
    windmill, zoo
""")
"""What people say they live beside."""

INSTITUTIONS = _listed("""
    academy, almshouses, aquatics, arena, ballroom, baths, café, cafe, campus, cathedral, centre, chapel, church,
    clinic, club, college, cottage, court, day, farm, fc, field, fields, gardens, grammar, green, hall, high,
    hospice, hospital, hostel, hotel, house, infirmary, inn, junior, lido, lodge, manor, market, medical, mill,
    mosque, museum, nursery, park, pier, pool, primary, priory, pub, quay, rovers, school, secondary, stadium,
    station, street, studio, surgery, temple, theatre, tower, town, united, university, wanderers, ward, wharf
""")

CARE_WORDS = _listed("""
    care, homecare, carers, agency, support, supported, services, domiciliary, homecarers, nursing, respite,
    helpers, living, ltd, limited, cic, cio, group, healthcare, trust, charity, enablement, reablement
""")

SAY_NOTHING = _listed("""
    tesco, asda, aldi, lidl, sainsbury’s, morrisons, boots, wetherspoons, mcdonald’s, costa, greggs, ikea, argos,
    waitrose, bluetooth, siri, kindle, tobii, macmillan, botox, widgit, warhammer, strictly, countdown, radio, bbc,
    ebay, amazon, paypal, gmail, outlook, powerpoint, photoshop, mac, pc, rummikub, bingo, jenga, mario, hoover,
    monday, tuesday, wednesday, thursday, friday, saturday, sunday, mondays, tuesdays, wednesdays, thursdays,
    fridays, saturdays, sundays, january, february, march, april, may, june, july, august, september, october,
    november, december, christmas, easter, eid, diwali, vaisakhi, ramadan, lent, hanukkah, passover, advent,
    shabbat, sabbath, boxing, new, year, year’s, good, bank, holiday, i, i’m, i’d, i’ll, i’ve, i'm, i'd, i'll, i've,
    english, england, british, britain, europe, european, american, african, asian, caribbean, indian, pakistani,
    bangladeshi, chinese, polish, romanian, french, german, italian, spanish, portuguese, turkish, arabic, urdu,
    punjabi, bengali, sylheti, gujarati, hindi, tamil, somali, kurdish, persian, farsi, cantonese, mandarin,
    russian, ukrainian, greek, dutch, hungarian, bulgarian, lithuanian, latvian, slovak, czech, swedish, danish,
    japanese, korean, vietnamese, welsh, irish, scottish, pashto, malayalam, filipino, christian, muslim, islam,
    islamic, jewish, hindu, sikh, buddhist, catholic, anglican, methodist, baptist, quaker, orthodox, pentecostal,
    god, bible, koran, quran, black, white, deaf, deafblind, blind, makaton, braille, moon, zoom, teams, skype,
    whatsapp, facebook, youtube, google, alexa, netflix, spotify, ipad, iphone, android, windows, word, excel,
    apple, lego, uno, scrabble, monopoly, minecraft, pokémon, pokemon, nintendo, xbox, playstation, disney, doctor,
    who, harry, potter, corrie, eastenders, emmerdale, tai, chi, pilates, zumba, yoga, boccia, parkrun, nordic,
    walking, land, rover, ford, motability, shopmobility, blue, badge, ring, go, dial-a-ride, disclosure, barring,
    service, care, act, quality, commission, certificate, access, to, work, personal, assistant, assistants,
    assistance, independence, payment, payments, direct, budget, health, universal, credit, attendance, allowance,
    disability, living, carer’s, sign, language, level, national, vocational, qualification, red, cross, st, john,
    ambulance, first, aid, mental, capacity, parkinson’s, parkinson's, parkinson, alzheimer’s, alzheimer's,
    alzheimer, down’s, down's, down, asperger’s, asperger's, asperger, tourette’s, tourette's, tourette, tourettes,
    crohn’s, crohn's, crohn, bell’s, korsakoff’s, korsakoff, lewy, addison’s, huntington’s, huntington's,
    huntington, braxton, zimmer, sunday’s, victorian, edwardian, bach, mozart, beethoven, beatles, elvis, abba,
    queen, motown, northern, soul, bollywood, latin, olympics, paralympics, world, cup, premier, league, halal,
    kosher, tv, dvd, wi-fi, internet, hotmail, autism, adhd, ok, hello, hi, thanks, please, yes, no, thank, you, mr,
    mrs, ms, dr, mum, mum’s, dad, dad’s, gran, grandad, nan, nana, auntie, uncle, south, west, east, north, high,
    vegan, vegetarian, wheelchair, mediterranean, iranian, iraqi, syrian, afghan, nigerian, ghanaian, jamaican
""")
"""Words with a capital that tell of nobody: days, faiths, common languages, brands, laws, and well-known illnesses."""

WHOLE_NAMES_THAT_SAY_NOTHING = _listed("""
    strictly come dancing, bake off, match of the day, the archers, radio 4, classic fm, dungeons and dragons,
    positive behaviour support, team teach, star wars, star trek, game of thrones, les misérables, lion king,
    harry potter, john lewis, doctor who, dr who, frank sinatra, elvis presley, john lennon, paul mccartney, david
    attenborough, stevie wonder, bob marley, bob dylan, michael jackson, elton john, kate bush, george michael,
    agatha christie, jane austen, charles dickens, roald dahl, enid blyton, sherlock holmes, james bond, peter pan,
    winnie the pooh, thomas the tank engine, postman pat, fireman sam, bob the builder, coronation street, high
    street, jack russell, king charles, saint john, st john, st john ambulance, mary berry, jamie oliver, delia
    smith, marks and spencer, sainsbury, ben and jerry, martin luther king, bruce springsteen, rod stewart, cliff
    richard, tom jones, dolly parton, johnny cash, ed sheeran, taylor swift, harry styles, down syndrome, gareth
    malone
""")
