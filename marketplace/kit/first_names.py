"""First names that people in England bear often enough to be looked for. Pure: a list, and what it leaves out."""

_NAMES = """
    aaliyah aaron abbie abdul abdullah abena abigail adam ade adele adil adrian agnes agnieszka ahmed aidan aileen
    ailsa aisha aisling alan alana alastair albert alec alejandro alex alexander alexandra alfie alfred ali alice
    alicia alison alistair amanda amelia amina amir amit amrit amy ana andrea andrei andrew andrzej andy angela
    angus anika anil anita ann anna anne annette annie anthony antonio anya aoife archie arjun arthur arun asha
    ashley audrey ava ayesha balwinder barbara barry beata beatrice becky belinda ben benjamin bernadette bernard
    bernie beryl beth bethany betty bev beverley bilal billy bisi bob bobby bola brenda brian bridget bronwen bruce
    bryan caitlin callum calum cameron carl carla carlos carmen carol carole caroline carolyn catherine cathy
    catriona cecilia charles charlie charlotte cheryl chinedu chioma chloe chris christina christine christopher
    ciara cindy claire clara clare claudia clifford clive clyde colette colin colleen colm connie connor cora craig
    cynthia cyril dafydd daniel danielle danny daphne darren dave david debbie deborah deepak deirdre delilah delroy
    denis denise dennis derek desmond dev diana diane dilip dinesh dmytro dominic donald donna doreen doris dorota
    dorothy douglas duncan dwayne dylan eamon eddie edith edward edwin eileen elaine eleanor elena eli eliza
    elizabeth ella ellen ellie elliot elliott elsie elwyn emily emma emmanuel emrys enid eric erica erin ernest esme
    esther ethan ethel euan eugene eva evan evelyn ewa ewan farah fatima fatimah felicity femi fergus finlay fiona
    florin frances francesca francis fred freda freddie frederick freya funmi gareth gary gavin gemma geoff geoffrey
    george gerald gerard gillian gina gladys glenda glenn gloria glynis gordon graham greg gregory gurpreet gwen
    gwyneth halima hamid hamza hannah harjit harold harpreet harriet harrison harry harvey hassan hayley hazel heidi
    helen helena henry herbert hettie hilary hilda hiroshi hitesh hollie howard hugh hussain iain ian ibrahim ida
    idris imogen imran ingrid ioana irene irina isaac isabel isabella isla ismail ivan ivor jackie jacob jacqueline
    jade jagdeep jake jamal james jamie jamila jan jane janet janice jas jasmeet jason jaswinder javed jayden jayne
    jaz jean jeanette jeff jeffrey jemma jennifer jenny jeremy jerome jess jesse jessica jill jim jimmy jo joan
    joanna joanne joe joel johanna john johnny jon jonathan jorge jose joseph josephine josh joshua joyce juan jude
    judith judy julia julian julie juliet justin justine kamal karen karim karl katarzyna kate katherine kathleen
    kathryn kathy katie katy kavita kayleigh keira keith kelly kelvin kemi ken kenneth kerry kevin khadija khaled
    khalid kian kieran kim kiran kirsty kofi krystyna krzysztof kulwinder kwame kyle lachlan lakshmi latoya laura
    lauren lawrence layla leah leanne lee leila len leo leon leona leonard leroy lesley leslie liam lilian linda
    lindsay lindsey ling lisa lloyd logan lola lorna lorraine lottie louie louis louisa louise luca lucas lucia lucy
    luis luke lydia lynda lynn lynne mabel magdalena maggie mahesh mahmoud maisie malcolm malgorzata mandy manjit
    manpreet manuel marcia marcus marek margaret maria mariam marian marianne marie marilyn marina mario marion
    marjorie marjory marlene marlon martha martin mary maryam mateusz matt matthew maureen maurice mavis maya meera
    megan mehdi mehmet mei melanie melissa mia michael michaela michal michelle mick mihai mike mildred millie mina
    minh miriam mitchell mo mohamed mohammad mohammed moira mollie molly monica monika morag morris moses moyra
    muhammad muriel mustafa myra nabil nadia nadine naomi nasreen natalia natalie natalya natasha nathan ned neha
    neil nell nellie neville ngozi niamh nicholas nick nicola nicole nigel nilesh nina nisha noah noor nora noreen
    norman nuala oksana olena olga oliver olivia olu omar oscar osman otto owen padraig pam pamela parveen patricia
    patrick paul paula pauline pawel pedro peggy percy pete peter petra phil philip phillip phoebe phyllis piotr
    pippa pooja prakash preeti priya rachel radha rafael rahul raj rajesh ralph ramesh rania rashid ravi raymond
    rebecca reggie reginald rekha reuben reza rhiannon rhona rhys ricardo richard ricky riley rita robert roberta
    roberto rodney roger roisin roland ron ronald ronnie rory rosa rosalie rosalind rosemary rosie ross roy rupert
    russell ruth ryan sabrina sade sadie safiya saira sally salma sam samantha samina samir samira samuel sana
    sandeep sandra sanjay sara sarah saskia scott seamus sean seb sebastian seema segun sergei shabana shahid
    shamima shane shanice shannon shanti sharon shaun sheila shelley shirley shona shreya sian sid sidney sienna
    simon simone simran sinead siobhan sioned skye sofia sonal sonia sonny sophia sophie stacey stan stefan stella
    stephanie stephen steve steven stewart stuart sukhdeep sumaya sunil sunita suresh susan susanna suzanne sylvia
    tahir tamara tanya tariq tasha tatiana ted teddy terence teresa terry tess tessa thanh thelma theo theresa
    thomas tiffany tilly tim timothy tina toby tolu tom tomasz tommy toni tony tracey tracy trevor tricia tunde
    tyrese tyrone una ursula usha valerie vanessa vera verity vernon veronica vicky vijay vikas vikram vince vincent
    vinod vivian vivien vivienne walter wanda wayne wei wendy wesley wilfred william wilma winifred winston wojciech
    xavier yasmin yemi yolanda youssef yuki yusuf yvette yvonne zac zachary zack zahra zainab zara zaynab zeinab
    zena zeynep zoe zofia
"""
_ALSO_WORDS = """
    amber angel bill carmel claude colt daisy dale dawn dean dot drew earl eve faith fay flora frank gene ginger
    glen grace grant guy heather holly hope iris ivy jack jasmine jasper jay jewel joy kay kit lance lily mark max
    mercy miles milo noel norm olive pansy pat patience pearl penny poppy ray rich rob robin rod rose ruby rusty
    sandy sue violet will
"""

FIRST_NAMES = frozenset(_NAMES.split())
# Also what something is called: a name only where it does not begin a sentence. Months and places are left out.
ALSO_WORDS = frozenset(_ALSO_WORDS.split())
