"""First names that people in England bear often enough to be looked for. Pure: a list, and what it leaves out."""

_NAMES = """
    aaliyah aaron abbie abdul abdullah abigail adam adele adrian agnes agnieszka ahmed aidan aileen aisha alan alana
    alastair albert alejandro alex alexander alexandra alfie alfred ali alice alicia alison alistair amanda amelia
    amina amir amit amy ana andrea andrew andy angela angus anika anil anita ann anna anne annette annie anthony
    antonio anya archie arjun arthur arun asha ashley audrey ava ayesha barbara barry beatrice becky belinda ben
    benjamin bernadette bernard beryl beth bethany betty beverley bilal billy bob bobby brenda brian bridget bronwen
    bruce bryan caitlin callum calum cameron carl carla carlos carol carole caroline carolyn catherine cathy cecilia
    charles charlie cheryl chinedu chioma chloe chris christina christine christopher cindy claire clara clare
    claudia clifford clive colette colin colleen connie connor cora craig cynthia cyril daniel danielle danny daphne
    darren dave david debbie deborah deepak deirdre delroy denis denise dennis derek desmond diana diane dilip
    dominic donald donna doreen doris dorota dorothy douglas duncan dwayne dylan eamon eddie edith edward edwin
    eileen elaine eleanor elena eli elizabeth ella ellen ellie elsie emily emma emmanuel enid eric erica erin ernest
    esme esther ethan ethel eugene eva evan evelyn fatima fatimah felicity fergus finlay fiona frances francesca
    francis fred freda freddie frederick funmi gareth gary gavin gemma geoff geoffrey george gerald gerard gillian
    gina gladys glenda glenn gloria gordon graham greg gregory gurpreet gwen hamza hannah harold harpreet harriet
    harry harvey hassan hayley hazel heidi helen helena henry herbert hilary hilda howard hugh hussain ian ibrahim
    ida imran ingrid irene isaac isabel isabella isla ismail ivan jackie jacob jacqueline jade jagdeep jake james
    jamie jan jane janet janice jason jaswinder javed jayne jean jeanette jeff jeffrey jemma jennifer jenny jeremy
    jerome jess jesse jessica jill jim jimmy jo joan joanna joanne joe joel johanna john johnny jon jonathan jorge
    jose joseph josephine josh joshua joyce juan judith judy julia julian julie juliet justin justine kamal karen
    karim karl katarzyna kate katherine kathleen kathryn kathy katie katy kayleigh keith kelly kelvin ken kenneth
    kerry kevin khadija khalid kieran kim kirsty krystyna kyle lakshmi laura lauren lawrence leah leanne lee len leo
    leon leonard leroy lesley leslie liam lilian linda lindsay lindsey lisa lloyd logan lorna lorraine louis louisa
    louise luca lucas lucia lucy luis luke lydia lynda lynn lynne mabel magdalena maggie malcolm malgorzata mandy
    manjit manuel marcia marcus margaret maria mariam marian marianne marie marilyn marina mario marion marjorie
    marlene martha martin mary maryam mateusz matt matthew maureen maurice mavis megan mei melanie melissa mia
    michael michaela michal michelle mick mike mildred mina miriam mitchell mo mohamed mohammad mohammed moira
    mollie molly monica morag moses muhammad muriel mustafa nadia nadine naomi nasreen natalia natalie natasha
    nathan ned neil nell nellie neville ngozi nicholas nick nicola nicole nigel nina noor nora noreen norman nuala
    olga oliver olivia olu omar oscar osman otto owen pamela parveen patricia patrick paul paula pauline pawel pedro
    peggy percy pete peter petra phil philip phillip phoebe phyllis piotr pippa prakash priya rachel rafael rahul
    raj rajesh ralph ramesh rashid raymond rebecca reggie reginald rhiannon rhona rhys ricardo richard ricky rita
    robert roberta roberto rodney roger roisin roland ron ronald ronnie rosa rosalind rosemary rosie ross roy rupert
    russell ruth ryan sabrina sadie saira sally salma sam samantha samina samir samuel sana sandeep sandra sanjay
    sara sarah saskia scott sean sebastian shabana shahid shamima shane shannon sharon shaun sheila shelley shirley
    shreya sian sid sidney sienna simon simone sinead siobhan sofia sonia sophia sophie stacey stan stefan stella
    stephanie stephen steve steven stewart stuart sukhdeep sunil sunita susan susanna suzanne sylvia tahir tamara
    tanya tariq tasha ted terence teresa terry tessa thelma theo theresa thomas tiffany tim timothy tina toby tom
    tomasz tommy toni tony tracey tracy trevor tricia tunde tyrone una ursula usha valerie vanessa vera verity
    vernon veronica vicky vijay vikram vince vincent vivian vivien vivienne walter wanda wayne wendy wesley wilfred
    william winifred winston xavier yasmin yolanda yusuf yvette yvonne zac zachary zahra zainab zara zoe zofia
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
