"""Plot skeletons. A line is one step of the plot; '?' makes it optional, '//' breaks the paragraph.

Slots: [H] hero, [F] friend, [M] grown-up, [he] [him] [his], [fhe] [fhim] [fhis], [N] the asked noun,
[aAN] it with article and maybe the adjective, [ADJ] a sentence with the adjective,
[V] [Ved] [Ving] the asked verb with its complement, [aG] another animal.
"""

OPEN = """{Once upon a time,|Once upon a time|One day|Long ago} there was a {little |young |}[child] named [H].
Once there was a [child] {called|named} [H].
[H] was a {little|small|young} [child] who lived {near the woods|in a small town|by the sea|in a little house|on a hill}.
In a {little|quiet} town lived a [child] named [H].
There once was a [child] named [H]."""

OPEN_TRAIT = """{Once upon a time,|Once upon a time|One day|Long ago} there was [aTRAIT] [child] named [H].
[H] was [aTRAIT] [child] who lived {near the woods|in a small town|by the sea|in a little house}.
In a {little|quiet} town lived [aTRAIT] [child] named [H]."""

HABIT = """[H] loved to [V].
{Every morning|Every day|After school}, [H] liked to [V].
More than anything, [H] loved to [V].
What [H] liked best was to [V].
[Ving] made [H] happy.
[H] always wanted to [V].
[H] could [V] better than anyone."""

SOLVE = """So [H] began to [V].
"I will [V]," said [H].
"Let us [V]!" said [F].
[H] took a deep breath and [Ved].
First [he] [Ved], and then [he] had an idea.
[H] [Ved], and that helped a lot.
"Maybe we can [V]," said [H].
"Come and [V] with me," said [H]."""

TOGETHER = """Then they [Ved] together.
[H] and [F] [Ved] and laughed.
They [Ved] until it was time to go home.
That afternoon they [Ved] side by side.
"Now we can [V]!" said [F]."""

# (categories, lines)
PLOTS = []


def plot(categories, text):
    PLOTS.append((set(categories.split()), text.strip().splitlines()))


plot("object", """
[OPEN] [HABIT]
{One day|One morning}, [H] found [aAN] {under an old tree|on the road|behind the house|near the river}. [ADJ]
"{Who lost this|Whose is this}?" [he] {asked|wondered}. [H] {looked around|looked left and right}, but nobody was there.
//
[H] took the [N] and went from {house to house|door to door}. At last [he] met a [fchild] named [F]. [F] was {crying|very sad}.
"{That is my [N]|You found my [N]}!" said [F]. "{Thank you so much|Thank you|Oh, thank you}!"
[TOGETHER]
{From that day on, they were best friends.|[H] was glad that [he] had been honest.|And so [H] found a new friend.}""")

plot("object", """
[OPEN] [H] had [aAN]. [ADJ] [He] took it everywhere.
[HABIT]
But one {windy|rainy|busy} day, the [N] was gone. [H] looked {under the bed|in the garden|behind the door}, but it was not there. [He] began to {cry|worry}.
//
"Do not be sad," said [F]. "{I will help you|We will find it}." [SOLVE]
{At last|After a while}, they saw [aG] {by the fence|under a bush|near the pond}. The [G] was sitting on the [N]!
They all laughed. [H] {hugged|held} the [N] and {said thank you to|thanked} [F].
{After that, [H] always put the [N] back in its place.|[H] slept well that night.|It was a good day after all.}""")

plot("object", """
[OPEN] {For [his] birthday|On [his] birthday}, [M] gave [him] [aAN]. [ADJ]
"{I love it|What a nice gift|Thank you}!" said [H].
[H]'s friend [F] came to visit. [F] wanted {a turn|to use it} too, but [H] {said no|held on to it}. "{It is mine|It is only for me}," said [H].
[F] {went away|sat alone} and felt sad. [H] tried to [V] alone, but it was no fun.
//
So [H] {ran|went} to [F]. "I am sorry," [he] said. "{Let us share|You can have a turn|We can share} the [N]."
[TOGETHER]
{[H] learned that sharing makes everything better.|Sharing was much more fun.|The [N] was even better with a friend.}""")

plot("object", """
[OPEN] [HABIT]
[H] had [aAN] that {Grandpa had made|was very old|came from far away}. [ADJ] One day {it fell and broke|the [N] broke in two}. "Oh no!" {cried|said} [H].
//
[M] {came to look|smiled at [him]}. "{We can fix it|It is not so bad}," said [M]. They took {some glue|glue and tape|a little glue} and sat down at the table.
?"{Slowly|Be patient|One step at a time}," said [M].
[SOLVE] {Soon|By the evening}, the [N] was {as good as new|whole again}.
"{Thank you|You are the best}, [M]!" said [H]. {They both smiled.|[He] was careful from then on.|And the [N] never broke again.}""")

plot("object vehicle", """
[OPEN] [H] wanted [aAN], but [he] had {no money|only one coin}. [ADJ]
"{You can earn it|You can work for it}," said [M]. So [H] {helped in the garden|washed the dishes|swept the floor} every day. {Each time|Every week} [he] put a coin in a jar.
[HABIT] But [he] never forgot the jar.
//
At last the jar was full. [H] and [M] went to the shop. "{One [N], please|I would like a [N], please}," said [H] {with a big smile|proudly}.
On the way home they met [F]. "{Look at my [N]|See what I have}!" said [H]. [TOGETHER]
{[H] was proud because [he] had worked hard.|The [N] was worth the wait.|Good things come to those who work for them.}""")

plot("object", """
[OPEN] [H] was {walking|playing} in the {woods|attic|garden} when [he] saw [aAN]. [ADJ]
"{Hello|Good morning}," said the [N]. [H] was {surprised|amazed}. "{You can talk|Did you just talk}?" "{Yes|Of course}," said the [N]. "I am a magic [N]. You may have one wish."
//
[H] thought {for a long time|very hard}. [HABIT] [He] did not need {gold|a castle|a crown}. "I wish for a {true|good} friend," said [H].
Just then, there was a knock at the gate. It was [F], the new [fchild] from next door. "{Do you want to|Would you like to} [V] with me?" asked [F].
{[H] smiled. The wish had come true.|And so the wish came true.|They became friends right away, and the [N] was happy too.}""")

plot("object", """
[OPEN] {At school|In the class} there was a {big|special} show, and everyone had to bring something. [F] brought {a gold coin|a fast toy car|a big shell}. [H] only had [aAN]. [ADJ]
"{It is just a [N]|Nobody will like my [N]}," [H] thought.
//
"{Show it to us|Tell us about it}," said the teacher. So [H] told them {how [he] used it|where it came from}. "{With it I like to|When I have it with me, I can} [V]," [he] said.
Everyone {clapped|listened}. "{That is the best one|What a good story}!" said [F]. "Can I see the [N]?"
After school they [Ved] together. {[H] was not shy anymore.|[H] felt proud.|[H] learned that small things can be special.}""")

plot("object food", """
[OPEN] One day, [H] and [F] went to the market. They saw [aAN]. [ADJ]
"I want {it|the [N]}!" said [H]. "{No, I saw it first|I want it too}!" said [F]. They began to {argue|shout}.
//
An old woman saw them. "{Do not fight|Please stop}," she said. "You can [V] together, and then you can both have {it|the [N]}."
So they stopped. They [Ved], and soon they were not angry anymore.
"{I am sorry|Sorry}," said [H]. "{Me too|I am sorry too}," said [F]. {They shared the [N] and went home as friends.|They took the [N] home and shared it.|From then on, they shared everything.}""")

plot("object", """
[OPEN] [H] wanted to make [aAN] for [M]. [ADJ] [He] took {paper and paint|wood and glue|some old cloth}.
It was hard work. The first [N] {fell apart|looked funny}. The second one {was too small|was too big}. "I can not do it," [H] said {sadly|with a sigh}.
"{Take a break|Rest a little}," said [F]. "{Come and|Let us} [V], and then try again."
//
They [Ved] for a while. Then [H] sat down and tried once more. This time the [N] was {just right|very good}.
{That evening|Later} [H] gave it to [M]. "{Did you make this|Is this for me}?" asked [M]. "It is the best [N] in the world!"
{[H] was glad that [he] did not give up.|[H] felt warm inside.|Never give up, thought [H].}""")

plot("object", """
[OPEN] [HABIT]
One day, a {strong wind|cheeky bird|naughty monkey} took [H]'s [N] and dropped it {on the roof|in a tall tree}. [ADJ]
"{My [N]|Oh no, my [N]}!" cried [H]. [He] {jumped|reached up}, but it was too high.
//
[F] {came by|heard the noise}. "{What happened|What is wrong}?" asked [fhe]. [H] pointed up. [SOLVE]
Then [F] {brought a ladder|found a long stick}. {Up|Slowly} [he] went, step by step, and {got|took} the [N].
"{We did it|Hooray}!" they {shouted|said}. {They went inside and had some milk.|Two friends can do what one can not.|[H] never left the [N] outside again.}""".replace("[fhe]. [H]", "[F]. [H]").replace('"{What happened|What is wrong}?" asked [F].', '"{What happened|What is wrong}?"'))

plot("food", """
[OPEN] [H] and [M] were in the kitchen. "{Let us make something with|Today we need} [aAN]," said [M]. [ADJ]
[H] put on {a white apron|a big hat}. [He] {mixed|stirred} and {tasted|poured}. Soon the whole house smelled good.
[HABIT] But today [he] wanted to cook.
//
There was a knock on the door. It was [F]. "{I am so hungry|What smells so good}?" said [F]. "Come in," said [H]. "{You can eat with us|We have enough for all}."
They sat down and ate the [N]. "{Yum|This is so good}!" they said. After lunch they [Ved].
{Food tastes best with friends.|It was the best meal of the week.|[M] was proud of [H].}""")

plot("food", """
[OPEN] One day, [H] was walking home with [aAN] in a basket. [ADJ]
On the way [he] met [aG]. The [G] looked {thin|sad} and {hungry|weak}. "{Please|Dear [child]}, may I have {some|a little}?" asked the [G].
[H] was hungry too. But [he] {sat down|smiled} and shared the [N].
//
"Thank you," said the [G]. "{Now I will help you|I will not forget this}." The next day [H] got lost in the {woods|fog}. [He] [Ved] and called for help.
The [G] heard [him] and showed [him] the way home. Then they [Ved] together.
{Kindness always comes back.|When you are kind, others are kind to you.|And they were friends for ever.}""")

plot("food", """
[OPEN] [HABIT]
{It was a sunny day|It was summer}, and [H] and [F] went to the park for a picnic. They had [aAN] in their bag. [ADJ]
They put it on a blanket and went to [V]. When they came back, the [N] was gone!
//
"{Where is it|Who took it}?" asked [H]. They saw {small tracks|crumbs} in the grass and followed them. Behind a bush sat [aG] with a full mouth.
[H] {laughed|was not angry}. "{It must have been hungry|Poor thing}," [he] said. "{Next time we will bring more|Let us bring two next time}."
{And that is what they did.|They all sat in the sun together.|It was a picnic they never forgot.}""")

plot("food", """
[OPEN] [H] did not like {to eat|to taste} new things. One day [M] put [aAN] on the table. [ADJ]
"{I do not want it|No, thank you}," said [H]. "{Just try a little|One small bite}," said [M].
[H] {shook [his] head|ran outside}. [He] [Ved] with [F] until [he] was very hungry.
//
Then [H] came back. [He] looked at the [N]. [He] closed [his] eyes and tried it. "{Oh|Mmm}!" said [H]. "{It is good|I like it}!"
"{You see|Well done}," said [M]. {[H] ate it all.|After that, [H] was not afraid of new things.|From then on, it was [his] favorite food.}
?[F] came to the table too, and they [Ved] after dinner.""")

plot("food", """
[OPEN] [H] {put a seed in the ground|had a small garden}. "{I want to grow food|One day we will eat from it}," [he] said. "I am hoping for [aAN]." [ADJ]
Every day [he] gave it water. Every day [he] waited, but nothing came. To pass the time, [H] [Ved].
//
{Weeks went by.|One morning [he] saw something green.} "{It is growing|Look}!" [he] {shouted|called}. [F] came to see. [TOGETHER]
{At the end of summer|In the fall}, there was enough for everyone. They had a feast with [N], bread and milk.
{Good things take time.|[H] was happy that [he] had waited.|"Next year we will grow more," said [H].}""")

plot("animal", """
[OPEN] [HABIT]
One day, [H] saw [aAN] {in the garden|by the road|near the pond}. [ADJ] It had {a hurt leg|no home|lost its mother}.
"{Poor [N]|Do not be afraid}," said [H] {softly|kindly}. [He] gave it {water|food} and a warm {bed|blanket}.
//
[M] said, "{It must find its family|It needs its mother}." So [H] and [F] set out with the [N]. [SOLVE]
{At last|Behind the hill} they saw a big [N]. It was the mother! The little one {ran to her|was so happy}.
{[H] waved goodbye.|"Come back soon!" called [H].|[H] was a little sad, but also very glad.} {The [N] came to visit every spring.|It was the right thing to do.}""")

plot("animal", """
[H] wanted a pet more than anything. "{Please, [M]|Please}," said [H], "can I have a pet?" {[M] said [he] had to wait.|"You must wait," said [M].} [HABIT]
One {morning|day}, there was a sound at the door. It was [aAN]! [ADJ]
"{Can we keep it|May it stay}?" asked [H]. "{If you take care of it|Only if you feed it every day}," said [M].
//
[H] named the [N] [F]. {Each morning|Every day} [he] fed [F] and gave [F] fresh water. Then they went out to [V].
?One night [H] heard a noise. [F] had {found|chased away} a thief! "Good [F]!" said [H].
{[H] and [F] were never apart.|The [N] became a part of the family.|A friend like that is worth the wait.}""")

plot("vehicle", """
[OPEN] [HABIT]
One day, [M] took [H] for a ride in [aAN]. [ADJ] [H] looked out and saw {green fields|tall houses|cows and sheep}.
Suddenly, the [N] stopped. "{What is wrong|Why did we stop}?" asked [H]. {A big rock was in the way.|It was stuck in the mud.}
//
[M] tried and tried, but nothing moved. Then [F] came by. "{I will help|Let me help you}!" said [F]. "{One, two, three|All together}!"
They pushed {hard|with all their might}, and the [N] moved again. {Everyone cheered.|"Hooray!" they shouted.}
[TOGETHER] {It is good to have help.|When we work together, we are strong.|What a trip it was!}""")

plot("vehicle", """
[OPEN] [H] had a dream. [He] wanted to travel in [aAN]. [ADJ]
One night, [H] {opened [his] eyes|heard a bell}. The [N] was right in front of [his] house! "{Come in|Hop in}," called [F]. "We are going {to the moon|around the world|to the sea}."
//
Away they went, over {hills and lakes|towns and rivers}. They saw {whales|bright lights|a rainbow}. They stopped to [V], and the stars {smiled|were bright}.
"{I never want to stop|This is the best night}," said [H]. But soon the sun came up, and [H] was {back in bed|home again}.
{Was it a dream? There was sand in [his] shoes.|[He] smiled and got up to [V].|"See you soon," [he] whispered to the [N].}""")

plot("vehicle", """
[OPEN] In [his] town there was [aAN] that nobody used. [ADJ] It stood {behind the barn|near the old mill} and {was full of dust|looked sad}.
"{I will take care of you|You need a friend}," said [H]. [He] and [F] washed it and gave it new paint.
[SOLVE]
//
When they were done, people came to look. "{Does it still work|Can it still go}?" they asked. [F] turned the key, and the [N] began to move!
All the children wanted a ride. They {sang|laughed} and [Ved].
{Old things can be good again.|The [N] was not alone anymore.|It was the best day in the town.}""")

plot("person", """
[OPEN] Near [his] house lived [aAN]. [ADJ] Everyone knew the [N].
[HABIT]
One day the [N] {was sick|had too much work}. "{Who will help me|What can I do}?" said the [N]. [H] heard it. "{I will help you|I can help}!" [he] said.
//
[H] called [F], and they worked all day. [SOLVE]
In the evening everything was done. "{Thank you, dear children|You are so kind}," said the [N], and gave them {a warm cake|a big hug|two gold coins}.
{[H] and [F] went home tired but happy.|Helping is the best feeling of all.|After that, they helped the [N] every week.}""")

plot("person", """
[OPEN] [H] wanted to be like a [N] {one day|when [he] grew up}. So [he] went to see [aAN] in the {town|village}. [ADJ]
"{Please teach me|I want to learn from you}," said [H]. The [N] {smiled|nodded}. "{Then you must|First you have to} [V]," said the [N].
//
[H] tried. It was not easy. [He] [Ved] {once, twice, three times|again and again}. [F] {watched|laughed at first}, but then [F] tried too.
After many days [H] could do it. "{Well done|I am proud of you}," said the [N].
{[H] learned that practice makes us better.|"Now I know how!" said [H].|And one day, [H] taught the others.}""".replace("like a [N]", "like [aN]"))

plot("person", """
[OPEN] One day, [H] was playing {near the house|in the yard} when [he] broke a {window|pot} by mistake. It belonged to [aAN]. [ADJ]
[H] was afraid. "{What should I do|Should I run away}?" [he] asked [F]. "{Tell the truth|You must say sorry}," said [F].
//
So [H] went to the [N]. "I am sorry," [he] said. "I broke it." The [N] {was quiet for a moment|looked at [him]}. "{You were honest|Thank you for telling me}," said the [N]. "Let us fix it together."
When it was done, the [N] asked, "{Do you like to|Do you want to} [V]?" "Yes!" said [H]. And so they all [Ved].
{It is good to tell the truth.|[H] was not afraid anymore.|Since that day, [H] and the [N] were friends.}""")

plot("person", """
In a {small|quiet} village lived [aAN]. [ADJ1] The [N] was often alone and had nobody to talk to.
Next door lived a [child] named [H]. [ADJX] [HABIT] {One evening|One day}, [H] saw a light in the window of the [N]. "{Why are you sad|Are you lonely}?" asked [H].
//
"{I have no friends|Nobody visits me}," said the [N]. "{You have one now|Then I will be your friend}," said [H].
[H] told [F] and the other children. The next day they all came with {flowers|cookies|a big cake}. They [Ved] and told stories.
{The [N] was never alone again.|"This is the best day," said the [N].|From then on, there was always a light and a song.}""")

plot("place", """
[OPEN] [HABIT]
One day, [M] took [H] to [aAN]. [ADJ] [H] had never been there before. "{Wow|Look at this}!" said [H].
{There was so much to see.|[He] ran here and there.} [F] was there too, and they [Ved] together.
//
Then it got {dark|late}, and [H] could not see [M]. "{Where are you|[M]}?" [he] called. "{Stay where you are|Do not be scared}," said [F]. "[M] will find us."
They {waited|stood still} near the gate. Soon [M] came with a light and hugged [him]. "{You did the right thing|I was looking for you}," said [M].
{They all went home from the [N].|[H] never forgot that day at the [N].|Next time, [H] stayed close.}""")

plot("place", """
[OPEN] Everyone said that there was a secret in the [N]. [ADJ] [H] and [F] {wanted to know more|were curious}.
{One night|One morning} they took a lamp and went to the [N]. It was {dark|quiet}. They heard a strange sound. "{What was that|Did you hear that}?" {whispered|asked} [F].
//
[SOLVE] {Behind a wall|In a corner} they found [aG] with three babies! "{So that is the secret|What a nice secret}," said [H].
{They gave the babies food and water.|They made a soft bed for them.} {"We will not tell," said [F].|They told only [M].}
{Each day they came back to the [N].|And the [N] was not scary anymore.|Sometimes a secret is a good thing.}""")

plot("place", """
[OPEN] [H] lived near [aAN]. [ADJ] {All the children|Everyone} liked to [V] there.
But one day, {it was full of trash|people had left trash everywhere}. "{How sad|This is not nice}," said [H]. "{We must do something|We can clean it}."
//
[H] asked [F], and [F] asked the others. They brought {bags|brooms} and worked all day. [M] brought {juice|apples} for everyone.
In the evening the [N] was {clean|beautiful} again. "{Look what we did|We did it}!" said [F]. Then they [Ved] {and had fun|with joy}.
{If we all help, hard work is easy.|From then on, they took good care of the [N].|It was a better place for all.}""")

plot("place", """
[OPEN] [H] and [F] had a map. It showed the way to [aAN]. [ADJ]
"{There must be gold|There is a treasure}!" said [F]. They walked {for hours|all morning}. They crossed a {river|bridge} and stopped to [V].
//
At last they came to the [N]. They {dug|looked} {here and there|everywhere}, and found {an old box|a small chest}. In it was a note: "{The best treasure is a friend|A friend is better than gold}."
[H] looked at [F] and {smiled|laughed}. "{It is true|That is right}," said [H].
[TOGETHER] {They kept the note for ever.|It was better than gold.|And they went home happy.}""")

plot("sky", """
[OPEN] [HABIT]
One {evening|morning}, [H] looked out of the window and saw [aAN]. [ADJ] "{How pretty|Come and see}!" [he] {said|called}.
[F] came running. "{Can we touch it|Where does it come from}?" asked [F]. "{I do not know|Let us ask [M]}," said [H].
//
[M] told them a story about the [N]. They sat {close together|very still} and listened. {Then|After that} they went outside to [V].
"{I wish it could stay|I will never forget this}," said [H]. "{It will come back|There will be another day}," said [M].
{[H] dreamed of the [N] that night.|And [M] was right.|They looked until it was time for bed.}""")

plot("sky", """
[OPEN] [H] was afraid of {many things|the night}. One day [he] was outside with [F] when they saw [aAN]. [ADJ]
"{I want to go home|I am scared}!" said [H]. "{It can not hurt us|Take my hand}," said [F]. "{When I am scared, I|When I feel like that, I} [V]."
//
So [H] [Ved]. {Little by little|Slowly}, the fear went away. [He] looked at the [N] again. "{It is really nice|It is not so bad}," said [H].
They stayed for a long time. {The air was fresh.|The world was quiet.} {[M] called them in for dinner.|They went home hand in hand.}
{[H] was brave now.|Now [H] liked the [N].|A friend can make you strong.}""")

plot("sky", """
[OPEN] [HABIT] One day, [H] wanted to paint a picture of [aAN]. [ADJ]
[He] took {blue and yellow paint|a big brush|all [his] colors}. But the picture {did not look right|was too dark}. [H] was {upset|ready to give up}.
//
"{Let me see|I will help you}," said [F]. "{You must look at it longer|Let us go and look}." So they went outside and [Ved]. Then they looked at the [N] {for a long time|with big eyes}.
[H] went back and painted again. This time the picture was {full of light|wonderful}. [M] put it on the wall.
{"It is like the real [N]," said [M].|"Next time I will paint you," said [H] to [F].|Everyone who saw it smiled.}""")

plot("object person place sky food vehicle", """
[OPEN] [HABIT] {But|Still,} [H] was {bored|alone} that day. "{Tell me a story|I want to hear a story}," [he] said to [M].
[M] {sat down|thought for a bit}. "{Once|Long ago}," [M] said, "there was [aAN] {in a land far away|at the end of the world}. [ADJ] {Everyone wanted to see it.|Nobody knew where it came from.}"
//
"And then?" asked [H]. "{Then|One day} a [fchild] named [F] came," said [M]. "[F] [Ved] for three days and three nights. And at last [fhe] {found|reached} the [N]."
[H]'s eyes were {big|wide}. "{I want to do that too|What happened next}?" "{Sleep now|Time for bed}," said [M]. "{Tomorrow there is more|You can dream about it}."
{And [H] dreamed of the [N] all night.|[H] smiled and closed [his] eyes.|It was a good story.}""".replace("{I want to do that too|What happened next}?", "{Can I do that too|Is it a true story}?"))

ANIMAL_HERO = []


def animal(text):
    ANIMAL_HERO.append(text.strip().splitlines())


animal("""
{Once upon a time,|Once upon a time|Long ago} there was [aAN] named [H]. [ADJ] [HABIT]
But [H] was afraid of {the dark|the deep river|loud noises}. The other animals {laughed at [him]|did not understand}.
One day, a little [G] named [F] {fell into the water|got stuck in a hole|was lost}. "{Help|Help me}!" {cried|called} [F].
//
[H] wanted to run away. But nobody else was there. [SOLVE2]
Then [H] {pulled [F] out|reached [F] just in time}. "{You saved me|Thank you}!" said [F]. "{You are so strong|You are my hero}!"
{The [N] was not afraid anymore.|After that, nobody laughed at the [N].|Even a small heart can be brave.}""")

animal("""
{In a green forest|On a farm|Near a big lake} lived [aAN] named [H]. [ADJ] [H] had {a lot of food|a big pile of food}, but [he] never shared it.
[HABIT] One cold day, [aG] named [F] came by. "{I am hungry|Please give me some food}," said [F]. "{No|Go away}," said the [N]. "It is all mine."
//
Then a storm came and blew all the food away. Now [H] had nothing. [He] sat down and cried. [F] heard it. "{You can eat with me|Come to my house}," said [F].
[H] {was ashamed|felt bad}. "I am sorry," [he] said. "You are kind, and I was not." They ate and [Ved].
{From that day on, the [N] shared everything.|[H] learned to share.|And the two were good friends.}""")

animal("""
There was {once|} [aAN] named [H]. [ADJ] One day [H] met [aG] named [F]. "{I am faster than you|Let us race}!" said [F]. "{To the big tree|To the river and back}!"
All the animals came to {watch|see}. "One, two, three, go!" F[x]
//
[F] ran ahead and {stopped to rest|lay down to sleep}. "{I have time|The [N] is so slow}," said [F]. But [H] did not stop. [He] went on, step by step.
When [F] {woke up|looked up}, the [N] was already there! Everyone {cheered|clapped}. [F] {was surprised|could not believe it}.
"{Well done|You won}," said [F]. "{Let us|Now let us} [V] together." And so they [Ved].
{It is good to keep going.|Slow and steady wins the race.|They stayed friends and never raced again.}""".replace(" F[x]", " [H] wanted to [V], but first [he] had to run."))

animal("""
[H] was [aAN] who lived {all alone|by the sea|under a hill}. [ADJ] [He] had no friends. "{I wish I had a friend|Who will play with me}?" [he] said.
[HABIT] But it was no fun alone. So [H] {went out to find a friend|set out one morning}.
//
First [he] met a bird. "{I am too busy|I have to fly}," said the bird. Then [he] met a {cow|horse}. "{You are too small|I have to eat}," it said. [H] was {sad|tired}.
Then [he] saw [aG] named [F] who was alone too. "{Do you want to|Would you like to} [V] with me?" asked the [N]. "{Yes, please|I would love to}!" said [F].
They [Ved] until the stars came out. {At last [H] had a friend.|Neither of them was lonely anymore.|A friend was waiting all along.}""")

animal("""
{Early one morning|One day}, [aAN] named [H] {woke up|came out of the house} and was very hungry. [ADJ] [H] looked for something to eat.
[He] saw {red apples|sweet berries} on a tall tree, but they were too high. [H] [Ved], but it did not help.
//
Then [aG] named [F] came along. "{Climb on my back|We can do it together}," said [F]. [H] did, and {down came the fruit|they could reach the fruit}. There was enough for two.
"{You are clever|What a good idea}," said the [N]. They ate and ate. Then they went to [V].
{Two heads are better than one.|After that, they always ate together.|It was a good day for both.}""")

animal("""
{Once|Long ago}, [aAN] named [H] wanted to learn to [V]. [ADJ] "{You can not do that|That is silly}," said the other animals. "{A [N] can not do such things|You are just a [N]}."
But [H] did not listen. {Every day|Each morning} [he] tried. [He] {fell down|failed} many times.
//
Only one friend believed in [him]. It was [aG] named [F]. "{Try once more|You can do it}," said [F].
And one day, [H] really [Ved]! All the animals {came to see|were amazed}. "{Show us|How did you do that}?" they asked.
{"I never gave up," said the [N].|[H] was the proudest [N] of all.|And [H] taught them all.}""".replace("{A [N] can not", "{The likes of you can not"))

SOLVE2 = """So [H] [Ved], took a deep breath and went on.
"I am coming!" called [H]. [He] [Ved] and did not look back.
[H] [Ved], and then [he] knew what to do.
"First I must [V]," thought [H], "and then I can help." """

CONTINUE = """
The next day, [H] and [F] met again. "{What shall we do|What now}?" asked [F]. "{Let us|I want to} [V]," said [H]. They {went to the river|sat under the big tree} and [Ved]. Then they thought about the [N] and {laughed|smiled}. {It was a happy day.|They had so much fun that they forgot the time.} When the sun went down, they {said good night|went home}.
The next morning, something strange happened. The [N] was {not where it was before|in a new place}! "{How can that be|Who did that}?" asked [H]. [F] did not know. They looked at the ground and saw {small footprints|a trail of leaves}. They followed it and found [aG]. It only wanted to [V] too. {"You can join us," said [H].|"Then come with us," said [F].} And so they were three friends.
A week later, it began to rain. [H] was at home and {looked out of the window|felt bored}. Then [F] came to the door, all wet. "{I brought something|Guess what I have}!" said [F]. It was a {picture|drawing} of the [N]. [H] {loved it|was so happy}. They put it on the wall. {After that they [Ved] until dinner.|Then they [Ved] and drank warm milk.} Rain can be nice with a friend.
After that, [H] told everyone about the [N]. {People came from far away to hear it.|All the children wanted to hear it again.} "{Is it really true|Did that really happen}?" they asked. "{Yes|Of course},\" said [F]. \"I was there.\" Then they all [Ved] and had a big party with {cake|music}. {[H] was very proud.|It was a night full of joy.}
That night, [H] could not sleep. [He] thought about the [N] {again and again|for a long time}. In the morning [he] ran to [F]. "{I have a plan|I had a dream}," said [H]. "In it we [Ved] {on a star|in a new land}!" [F] {laughed|clapped}. "{Then let us do it|Let us try}," said [F]. {And they did.|And that is how their next adventure began.}
Many years went by. [H] grew up, but [he] never forgot the [N]. One day [he] met [F] again. "{Do you remember|Do you still know how we} [Ved]?" asked [F]. "{Yes|How could I forget},\" said [H]. They {sat down|drank tea} and talked until the moon came up. {Some friends stay for ever.|It was just like the old days.}
Soon it was winter. Snow lay on the roofs, and everything was {white|quiet}. [H] and [F] built a snow house. Inside, it was warm, and they had a lamp. "{Tell me about the [N] again|Do you remember the [N]}?" said [F]. So [H] told the story. Then they [Ved] and went home. {It was the best winter.|What a nice day it was.}
But the story was not over. One day [F] was {sick|sad} and had to stay in bed. [H] {made some soup|picked flowers} and went to visit. "{I will stay with you|You will feel better soon}," said [H]. [He] talked about the [N], and [F] {smiled|laughed} at last. {The next week they [Ved] again.|Soon [F] was well, and they [Ved] outside.} That is what friends are for.
""".strip().replace("Do you still know how we} [Ved]", "Do you still know} how we [Ved]").replace("{Do you remember|Do you still know} how", "Do you {remember|still know} how")
