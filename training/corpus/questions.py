"""What phield-tiny can say about Phield: topic -> (answer, key facts the judge asks for, phrasings).
Phrasings are in the template language of grammar.pick; every phrasing is also varied by polite openings,
casing and a lost question mark (see `ask`)."""
from .grammar import pick

TOPICS = {}


def topic(name, answer, keys, phrasings):
    TOPICS[name] = (answer, keys.split("; "), [p.strip() for p in phrasings.strip().splitlines()])


topic("what_is_phield", "Phield is a chat app that runs Phi-3 inside your browser tab, on your own GPU. It keeps working with no network.",
      "chat app; Phi-3; browser tab", """
What is {Phield|this|this app|this page|this site|phield exactly}?
What {does Phield do|is Phield for|is Phield good for|is this app for|kind of app is this|kind of program is Phield}?
{Tell me|Tell me something|Tell me more|Say something|I want to know more} about {Phield|this app|the Phield app}.
{Explain|Describe} {Phield|this app|what Phield is|what this app does}{| briefly| in short| simply}.
{What do you call this|What am I looking at|What have I opened|Where am I}?
Can you {explain|describe|tell me} what {Phield|this app} {is|does}?
{Define|Introduce} Phield.
Phield{, what is it|: what is that| is what}?
{I am new here|I am new|First time here}. What is {this|Phield}?
Give me {a summary of|an overview of|a short introduction to} Phield.
What is the {idea|point|purpose} {of|behind} Phield?
In {a few|simple} words, what is Phield?""")

topic("privacy", "Nothing you type leaves your device unless you switch that on yourself. The model runs right here.",
      "leaves your device; switch that on yourself", """
{Does|Will|Can} {my|the} {data|text|words|chat|messages|input} {leave|get out of|go out of} {my|this|the} {device|computer|laptop|machine|browser}?
{Is|Are} {my data|my messages|my chats|what I type|what I write|the things I type} {private|safe|secret|sent anywhere|sent to someone|sent over the network|uploaded|shared|kept private}?
Do you {send|upload|share|give away|leak|sell} {my data|my messages|what I write|what I type|my text}{| to anyone| to someone| to a company| over the internet}?
{Who|Can anyone|Can somebody|Can others|Can people|Could strangers} {can |}{see|read} {my messages|my chats|what I type|what I write|this conversation}?
{How private is|Is} {this|Phield|this chat} {private|secure|confidential|safe for my data}?
What about {privacy|my privacy|data protection|the privacy of my data}?
{Where does|Where will} {my text|my data|what I type|what I write} go?
What happens {to|with} {my data|my messages|what I type|the things I write|my words}?
Is it safe to {type|write|tell you} {private things|secrets|personal things|something personal}{| here}?
{Does anyone|Does anybody|Does Microsoft|Does Google|Does a company|Will anyone} {get|read|see|receive} {my data|my messages|what I write here|the things I type|my chats}?
{Do my words stay|Does my data stay|Do my messages stay|Does everything stay} {on my device|on my computer|with me|local|here}?
Can I {trust you with|tell you} {my secrets|private data|a secret}?""")

topic("offline", "Open Phield once with a network and let the model load. After that it works offline.",
      "once with a network; works offline", """
How {do|can} I {work|use Phield|use this|use it|chat} {offline|without internet|without a network|with no network|without wifi|with no connection}?
{Does|Will|Can} {Phield|this|it|the app} {work|run|be used} {offline|without internet|without a network|without wifi|in airplane mode|when I am offline|with no network|without a connection}?
{Can I use|Is it possible to use} {Phield|this|the app} {offline|without internet|on a plane|on a train|in the mountains|in a tunnel|in airplane mode|without wifi}?
What if {I have no internet|I am offline|the network is gone|my internet is down|there is no wifi|I lose the network|the wifi stops}?
{Do I need|Is|Does it need|Does this need} {the internet|an internet connection|a network|wifi|a connection|to be online} {to use it|all the time|always|every time|needed}?
{How do I make|How can I make|How do I get} {Phield|it|this} {ready for offline use|work offline|run without a network|ready for a trip}?
{I have no wifi|I am travelling|I am on a train|I will be offline|There is no network here}. {Can I still use Phield|Does it still work|What can I do|What do I need to do|How do I prepare}?
{offline use|offline mode|offline}?
{Must|Do} I {have to |}{stay|be} online?
What do I have to do {before I go offline|for offline use|to use it with no internet}?""")

topic("what_is_phi3", "Phi-3 is a family of small language models made by Microsoft. They are small enough to run on your own device.",
      "family of small language models; Microsoft", """
What is {Phi-3|phi3|Phi 3|Phi|a Phi-3 model|this Phi-3}?
What {does Phi-3 mean|is meant by Phi-3|kind of model is Phi-3|sort of thing is Phi-3}?
{Tell me|Tell me something|Tell me more|I want to know more} about {Phi-3|the Phi-3 family|the Phi models}.
{Explain|Describe|Define} {Phi-3|what Phi-3 is|the Phi-3 family}{| briefly| simply}.
Can you {explain|describe|tell me} what Phi-3 is?
What are {Phi-3 models|the Phi models|the models called Phi-3}?
{Who or what is|What exactly is|So what is} Phi-3?
{I do not know|I know nothing about|I have not heard of} Phi-3. {What is it|Can you explain it|Please explain}?
Phi-3{, what is it|: what is that| is what}?
{Is Phi-3 a language model|Is Phi-3 an AI|Is Phi-3 a program}?
Give me {an introduction to|a short summary of} Phi-3.""")

topic("download_size", "Phi-3-mini is a download of about 2.15 GB. You need to download it only once.",
      "2.15 GB; once", """
How {big|large} is {the download|the Phi-3-mini download|Phi-3-mini|the real model|the big model|Phi-3|the real Phi-3}?
{What is the|Tell me the} {size of the download|download size|size of Phi-3-mini|file size of Phi-3-mini}?
How {much data|many gigabytes|many GB|much} {do I have to download|do I need to download|must I download|will be downloaded|is downloaded|is it}{| for Phi-3-mini| for the real model| for Phi-3}?
How much {space|disk space|storage|room} {does Phi-3-mini|does Phi-3|does the big model|does the real model} {need|take|use}?
How long is the download{| of Phi-3-mini| in GB}?
{Is the download of Phi-3-mini|Is Phi-3-mini|Is the download} {big|large|heavy|huge|small}?
{Will|Does} {Phi-3-mini|the download} {use a lot of data|eat my data plan|cost me a lot of traffic}?
{download size|size of the download}?
How many {gigabytes|GB} {is|has|does} {Phi-3-mini|the big model}{| have}?
How much {traffic|bandwidth|data} does {Phi-3-mini|loading Phi-3|the download} {need|use|cost}?
Do I have to download Phi-3-mini {every time|more than once|again and again|again}?""")

topic("tiny_size", "phield-tiny takes only a few megabytes, so it loads within seconds.",
      "few megabytes; seconds", """
How {big|large|small} is {phield-tiny|the tiny model|the embedded model|the built-in model|the small model}?
{What is the|Tell me the} {size|file size|download size} of {phield-tiny|the tiny model|the embedded model|the built-in model}?
How {much space|many megabytes|many MB|much data|much storage} does {phield-tiny|the tiny model|the embedded model|the small model} {need|use|have}?
{Is|Was} {phield-tiny|the embedded model|the tiny model} {a big download|big|really small|a small file|heavy}?
How {fast|quickly|long} does {phield-tiny|the tiny model|the embedded model} {load|take to load|start}?
{phield-tiny size|size of phield-tiny|size of the tiny model}?
How much do I download for {phield-tiny|the tiny model|the embedded model}?""")

topic("who_are_you", "I am phield-tiny, a very small language model trained by the Phield project. I run on this device.",
      "I am phield-tiny; trained by the Phield project", """
Who are you?
What are you?
{Who|What} am I {talking|chatting|writing} {to|with}{| here| now}?
{Tell me about|Tell me something about|Describe} yourself.
{What is|What's|Tell me|May I know} your name?
{Are you|Is this} {a robot|an AI|a person|a human|real|a computer|a bot|a machine|a program|alive|ChatGPT|Phi-3|Phi-3-mini|phield-tiny}?
{What should I|How do I|What can I} call you?
{Which|What} model {are you|is this|am I using|answers me|is running|is speaking|is this one}?
{Who|What} is {there|this|answering|answering me|speaking|writing this}?
{Do you have a name|What do they call you}?
{What kind of|What sort of} {model|thing|program|AI|bot} are you?
{What is|Tell me what is} {phield-tiny|the embedded model|the tiny model}?
You are who?""")

topic("name_meaning", "The name Phield means Phi in the field.",
      "Phi in the field", """
What does {the name Phield|Phield|the word Phield|your app name|the name} {mean|stand for}?
Why {is it called|is this called|is the app called|do you call it|the name|is the name} Phield?
{Where does|Where did} {the name|the name Phield} come from?
{What is|Tell me} the {meaning|origin|story} {of|behind} {the name|the name Phield|the word Phield}?
{Explain|Describe} the name{| Phield| of the app| of this app}.
Why {this|such a strange|that|such a} name?
How did {Phield|the app} get its name?
{Is Phield a word|What kind of name is Phield|Is Phield short for something}?
What is the {F|Ph} in Phield{| for}?""".replace("{F|Ph}", "Ph"))

topic("webgpu", "WebGPU is how a browser uses the graphics chip. Phield runs the model with it.",
      "WebGPU is how a browser uses the graphics chip", """
What is {WebGPU|web gpu|WebGPU exactly|this WebGPU}?
{Explain|Describe|Define} WebGPU{| to me| briefly| simply}.
What does WebGPU {mean|do}?
{Tell me|Tell me something|Tell me more} about WebGPU.
Why {is WebGPU needed|do I need WebGPU|does Phield need WebGPU|does Phield use WebGPU|WebGPU}?
What is WebGPU {for|good for|used for}?
{Does|Do} {Phield|you} {use|need} WebGPU?
{I do not know|I have not heard of} WebGPU. {What is it|Please explain}?
{What do you use WebGPU for|How does Phield use WebGPU|What has WebGPU to do with it}?
Can you {explain|tell me} what WebGPU is?
How does {the browser|Phield|the app} use {the graphics chip|the GPU|my graphics card}?""")

topic("no_webgpu", "Without WebGPU the model can not run. Phield shows a page that says what to do, such as updating your browser.",
      "Without WebGPU the model can not run; updating your browser", """
What if {my browser|my device|my computer|the browser} {has no|does not have|does not know|does not support|can not do} WebGPU?
What {happens|do I do|can I do|should I do} {without WebGPU|if there is no WebGPU|when WebGPU is missing|if WebGPU does not work|if WebGPU is not supported}?
{My browser|My computer|My device|It says my browser|It says that my browser} {has no|does not support|does not have|can not use} WebGPU{|. What now|. What can I do|. Help|. What should I do}?
{WebGPU is|It says WebGPU is} {missing|not available|not there|not supported|turned off|not found}{|. What now|. What can I do|. Help|. What do I do}?
{Does Phield|Does it|Will it|Can Phield} {work|run} {without|with no} WebGPU?
{no WebGPU|there is no WebGPU|I have no WebGPU}{|, what now|, what can I do|, what does Phield do}?
Why does {Phield|it|the model|the app} not {run|start|work|load}{| here| in my browser| on my computer}?
{Phield|It|The model} does not {start|work|run}. {Why|What is wrong|What can I do}?
Is there a way {without|around} WebGPU?
How do I {get|turn on|enable} WebGPU?
My browser is {old|very old|too old}. {What happens|What now|Does it work|What can I do}?""")

topic("browsers", "Use a recent Chrome or Edge, or another browser that has WebGPU.",
      "Chrome; Edge; has WebGPU", """
{Which|What} {browser|browsers} {works|work|can I use|do I need|is best|are supported|should I use|is supported|runs Phield|can run Phield|do you support|do you recommend|is needed}?
{Does|Will|Can} {Phield|it|this} {work|run} {in|with|on} {Chrome|Firefox|Safari|Edge|Opera|Brave|my browser}?
{Is|Are} {Chrome|Firefox|Safari|Edge|Opera|all browsers} {supported|fine|OK|good enough|good for this|enough}?
Do I need {Chrome|a special browser|Edge|Firefox|a new browser|another browser}?
Can I use {Firefox|Safari|Chrome|Edge|any browser|an old browser}?
{supported browsers|browser support}?
{What is|Tell me} the best browser for {Phield|this|you}?
{Recommend|Suggest} a browser{| for Phield}.
I {use|have} {Chrome|Firefox|Safari|Edge}. {Is that fine|Does it work|Will it run|Is that OK|Is that good}?""")

topic("where_stored", "The model files are kept on this device, in your browser's storage called IndexedDB.",
      "on this device; IndexedDB", """
Where {is|are} the {model|models|files|model files|weights|shards|downloaded files|data of the model} {stored|kept|saved|put|written}?
Where {do|does|did} {the model files|the model|the weights|the download|the files} {go|live|end up}?
Where {do|does} {you|Phield|the browser|the app} {keep|store|save|put} {the model|the files|the weights|the download|Phi-3-mini|the models}?
{On which place|In which folder|In what storage|In which database} {is|are} the {model|weights|files} {stored|kept|saved}?
Where can I find the {model files|downloaded model|weights}?
What is {the storage|IndexedDB} used for?
{Is|Are} {the model|the files|the weights|Phi-3-mini} {stored|kept|saved} {on my disk|in the browser|on my device|on my computer|in the cache|in a database|in IndexedDB}?
Where is Phi-3-mini after the download?
{Which|What} storage {do you use|does Phield use|holds the model}?
How are {the weights|model files|models} {stored|kept} {locally|in the browser}?""")

topic("free_space", "Open Storage in Phield. There you see the models on this device and can remove them.",
      "Open Storage; remove them", """
How {do|can} I {delete|remove|erase|clear|throw away|uninstall|clean up} {a model|the model|the models|Phi-3-mini|the files|the download|model files|the downloaded files|old models}?
How {do|can} I {free|get back|win back|make|save} {space|disk space|storage|some room}?
{Can|May} I {delete|remove|erase} {a model|the model|Phi-3-mini|the downloaded model|the files}{| again| later}?
{My disk|My device|My phone|My computer|The storage} is {full|nearly full|too full}. {What can I do|How do I delete a model|Help|How do I free space}?
{I want to|I would like to|I need to} {delete|remove|erase} {the model|Phi-3-mini|a model|the big model}. {How|Where do I do that|What do I press}?
I need {space|more space|more room on my disk}. What can I {remove|delete|do}?
Where {do|can} I {see|manage|delete|remove} {the stored models|my models|the models|the model files|what is stored|the storage}?
How do I {manage|see|check|look at} {the storage|my storage|the space used|what is stored}?
The model {takes|uses} too much space. {How do I remove it|What can I do|Can I delete it}?
How much storage do my models use?""")

topic("install", "Yes. Phield is a PWA: install it from your browser's menu, and it opens like any other app.",
      "PWA; install it from your browser's menu", """
{Can|May|Could} I install {Phield|this|it|this app|this page}{| on my computer| on my phone| on my desktop| as an app}?
How {do|can} I install {Phield|this|it|this app|the app}{| on my computer| on my phone| on my desktop}?
{Is|Is there} {Phield|this|it|there an app|a desktop app|an app for my computer|a PWA|an app} {|installable|a PWA|to install}?
{How do I|Can I|Could I} {put|add|pin} {Phield|it|this} {on my home screen|on my desktop|to my home screen|in my dock|in the start menu}?
What is {a PWA|PWA|a progressive web app}?
{Is there|Do you have} {an app|a desktop version|an installer|a program} {of Phield|for it|that I can install|for my computer}?
Do I {have to|need to} install {something|anything|Phield}?
{install|installation|installing}?
How do I {get|make} an icon for Phield?
Can Phield {be installed|open in its own window|run like a normal app|be an app|look like an app}?
I want {Phield as an app|to install it|to install Phield|an app}. How?""".replace("{Is|Is there} {Phield|this|it|there an app|a desktop app|an app for my computer|a PWA|an app} {|installable|a PWA|to install}?",
      "Is {Phield|this|it} {installable|a PWA|an app|a web app}?"))

topic("embed", "Yes. Phield can be embedded in any site as an iframe widget.",
      "embedded in any site; iframe widget", """
{Can|May|Could} I {embed|put|use|include|place|have|add} {Phield|it|this|this chat|the chat} {in|on|into} {my site|my website|my own page|another site|my web page|my homepage|a web page|my blog|my shop}?
How {do|can} I {embed|put|include|add|place} {Phield|it|this|the chat|the widget} {in|on|into} {my site|my website|my own page|a web page|my homepage|a blog}?
{Is there|Do you have} {a widget|an iframe|an embed code|a way to embed Phield|a chat widget|a version for my website}?
What is the {widget|iframe|Phield widget}{| for}?
{Does|Will|Can} {Phield|it|the chat} {work|run} {in an iframe|inside another page|inside my website|as a widget|on other sites}?
{I have|I own|I am building} {a website|a site|a homepage|a shop|a web page}. {Can I add Phield|Can I use Phield there|Can Phield be there|How do I add this chat}?
{embed|embedding|widget|iframe}?
I want {Phield|a chat|this chat} on my {site|website|page}.
Can {Phield|the chat|it} be {embedded|part of my site|shown in my page|put into a page}?""")

topic("license", "Phield is free software under the Apache-2.0 licence.",
      "Apache-2.0", """
{What is|Tell me} the {licence|license} of {Phield|this app|this project|the code|the app}?
{Which|What} {licence|license} {does Phield|does this|does the code|does the app|does the project} {have|use}?
{Is|Are} {Phield|this|the code|the app|this project} {open source|free software|open|licensed|proprietary}?
Under {which|what} {licence|license} is {Phield|the code|this|the app}?
{May|Can} I {use|copy|change|share|sell|modify|fork} {Phield|the code|the code of Phield|the source code|the source}?
{license|licence}?
What about the {licence|license}{| of Phield| of the app}?
How is {Phield|the code|the app} licensed?
{Can I see|Is there|Where is|May I see} the source code?
What am I allowed to do with {Phield|the code|the source code}?""")

topic("phi3_license", "Phi-3 is published by Microsoft under the MIT licence.",
      "Microsoft; MIT licence", """
{What is|Tell me} the {licence|license} of {Phi-3|Phi-3-mini|the Phi models|the Phi-3 weights|the real model}?
{Which|What} {licence|license} {does Phi-3|does Phi-3-mini|do the Phi models|do the Phi-3 weights} {have|use}?
Is {Phi-3|Phi-3-mini} {open|open source|free to use|free|licensed}?
Under {which|what} {licence|license} is {Phi-3|Phi-3-mini|the Phi-3 model}{| published| released}?
{May|Can} I {use|share|copy} {Phi-3|Phi-3-mini|the Phi-3 weights}{| at work| in my company| for money| in my own app| freely}?
How is {Phi-3|Phi-3-mini} licensed?
{What about the|And the} {licence|license} of {Phi-3|the Phi-3 model}?
Phi-3 {licence|license}?
What am I allowed to do with {Phi-3|Phi-3-mini|the Phi-3 weights}?
Is it {legal|OK|allowed} to use Phi-3{| at work| in a product| for business}?""")

topic("cost", "Phield costs nothing. The model runs on your own device, so there is no bill.",
      "costs nothing; no bill", """
{How much|What} does {Phield|this|it|this app|using Phield} cost?
Is {Phield|this|it|this app|this chat} {free|for free|free of charge|expensive|paid|really free}?
Do I {have to|need to|must} pay{| for this| for Phield| something| anything| to use it| money}?
{What is|Tell me} the price{| of Phield| of this| of the app}?
{Is there|Are there} {a price|a subscription|a paid version|any costs|costs|any fees|fees|a free version|a limit for free users|a bill}?
{How much|What} do I {pay|owe|need to pay}?
{Does|Will} {Phield|it|this} cost {money|anything|something|me money|a lot}?
{price|cost|costs|pricing}?
Who pays for {this|Phield|the answers}?
Do I need {a credit card|money|a subscription|to buy something|a plan}?
How {expensive|cheap} is {Phield|this|it}?
Can I use {Phield|it|this} {for free|without paying|without money}?""")

topic("account", "You need no account and no login to use Phield.",
      "no account; no login", """
Do I {need|have to have|have to make|have to create} {an account|a login|a password|a user name|an email|a profile}{| to use Phield| for this| here}?
{Must|Do|Should} I {|have to |need to }{sign up|sign in|log in|register|create an account|make an account|subscribe}{| first| to use Phield| here| for this}?
{How do|Where do|How can|Where can} I {sign up|sign in|log in|register|create an account|make an account|get an account}?
Is {an account|a login|a password|registration|an email|signing up} {needed|required|necessary}?
Can I use {Phield|it|this} without {an account|a login|logging in|signing up|an email|a password|registering}?
{login|account|sign up|register}?
Where is the {login|sign up page|login button}?
Do you {need|want|ask for} my {email|password|phone number|email address}?
Why is there no {login|account|password}?""")

topic("phi3_maker", "Phi-3 was made by Microsoft. Phield is a separate project that runs it.",
      "made by Microsoft; separate project", """
Who {made|built|created|trained|developed|invented|released|published|wrote} {Phi-3|Phi-3-mini|the Phi models|the Phi-3 model}?
{Which|What} {company|firm|people|team} {made|built|trained|developed|released|owns|published} {Phi-3|Phi-3-mini|the Phi models}?
{Where does|Where do} {Phi-3|Phi-3-mini|the Phi models} come from?
{Is|Was} {Phi-3|Phi-3-mini} {from|made by|by|built by|trained by} {Microsoft|Google|OpenAI|Meta|you|the Phield project}?
{Who is|Tell me who is} the {maker|author|creator|owner} of {Phi-3|Phi-3-mini}?
{Is Phield|Are you} {from|made by|part of|a product of} Microsoft?
Did {Microsoft|Google|OpenAI|Phield|you} {make|train|build} Phi-3?
Whose {model|work} is Phi-3?
What has Microsoft to do with {Phield|this|Phi-3}?""")

topic("your_parameters", "I have only a few million parameters. Phi-3-mini has far more, so it knows far more.",
      "I have only a few million parameters", """
How many {parameters|weights} {do you have|have you got|has phield-tiny|does phield-tiny have|does the tiny model have|does the embedded model have|does this model have|are in you|are in phield-tiny}?
How {big|large|small|tiny} are you{| really| exactly}?
What is your {size|number of parameters|parameter count|model size}?
{Are|How come} you {a big model|a small model|a large model|so small|very small|tiny}?
{Tell me|Give me|Say} your {number of parameters|size|parameter count}.
Why are you so {small|tiny|little}?
{your parameters|your size|parameters of phield-tiny}?
Do you have {many|billions of|millions of|a lot of} parameters?
{Count|Name} your parameters.""")

topic("mini_parameters", "Phi-3-mini has 3.8 billion parameters.",
      "3.8 billion parameters", """
How many {parameters|weights|billion parameters} {does Phi-3-mini have|has Phi-3-mini|are in Phi-3-mini|does Phi-3 have|does the real Phi-3 have|does the real model have|does the big model have|has the real Phi-3}?
{What is the|Tell me the|Give me the} {number of parameters|parameter count|number of weights} {of|in} {Phi-3-mini|Phi-3|the real Phi-3|the big model}{|?}
{parameters of Phi-3-mini|Phi-3-mini parameters|Phi-3-mini parameter count}?
{Does Phi-3-mini have|Has Phi-3-mini} {many|billions of|millions of|more|a lot of} parameters?
How {big|large} is Phi-3-mini in parameters?
Phi-3-mini has how many {parameters|weights}?
{Count|Name} the parameters of Phi-3-mini.""")

topic("better_answers", "Choose Phi-3-mini in Phield. It is downloaded once and gives much better answers than I do.",
      "Choose Phi-3-mini; better answers", """
How {do|can} I {get|have|receive} {better|smarter|longer|good} {answers|replies|results|stories}?
How {do|can} I {load|use|choose|switch to|start|get|change to|open|select|run} {Phi-3-mini|the real Phi-3|the big model|the real model|Phi-3|a better model|a bigger model|another model|a larger model}?
{You are|This model is|Your answers are|The answers are} {not very smart|too small|not good|bad|stupid|too short|poor|wrong|not helpful}. {What can I do|Is there a better model|Is there something better|Can I use a better one|How do I get a better model}?
{Is there|Do you have} a {better|bigger|smarter|larger|stronger} {model|one|version}{| of you| in Phield}?
{I want|I need|I would like} {a better model|a smarter model|better answers|to use Phi-3-mini|the real Phi-3|a bigger model|something smarter}.
{Can|May} I {use|load|choose|switch to|talk to} {a bigger model|Phi-3-mini|the real Phi-3|another model|a better model}{| here| in Phield}?
How can I {improve|make better} {the answers|your answers|the quality}?
{Why should I load|What is better about|What do I get from} Phi-3-mini?
Where do I {choose|select|change} {the model|another model}?
How do I change the model?
Can you {become smarter|be better|be smarter}?""")

topic("which_models", "Phield runs me, the embedded phield-tiny, and the models of the Phi-3 family, such as Phi-3-mini.",
      "embedded phield-tiny; models of the Phi-3 family", """
{Which|What} models {are there|can I use|can Phield run|does Phield run|does Phield support|are supported|are available|do you have|can I choose|can I choose from|run here|work here|does Phield have|does Phield offer}?
{List|Name|Show me|Tell me} {the models|all models|the supported models|the available models|which models there are}.
{Can|Does|Will} {Phield|it|this app} {run|support} {Llama|Mistral|Gemma|other models|Phi-3.5-mini|Phi-3-medium|Phi-3.5|more models|Phi-4}?
{How many|What other} models {are there|does Phield have|can Phield run|can I use}?
Is there {only one model|more than one model|a list of models|another model}?
{models|model list|available models|supported models}?
Does Phield {only run|run only} {Phi-3|one model|Phi models}?
{What|Which} {models|kinds of models} {fit|work} in Phield?""")

topic("gpu", "Phield uses your own GPU. Phi-3-mini wants a good one, but I run on any WebGPU adapter, even a software one.",
      "your own GPU; any WebGPU adapter", """
{Do I need|Must I have|Does Phield need|Does it need|Does this need} {a GPU|a graphics card|a good GPU|a fast GPU|a big GPU|a graphics chip|a strong computer|a gaming computer|an Nvidia card|a special computer|a new computer|a powerful computer}?
{Which|What|What kind of} {GPU|graphics card|graphics chip|hardware|computer|machine} {do I need|is needed|is required|does Phield need|is best|works|should I have}?
{Does|Will|Can} {Phield|it|this} {run|work} {on my GPU|without a GPU|with no GPU|on an old computer|on a weak computer|on an old laptop|on integrated graphics|on the CPU|without a graphics card|on a cheap laptop|on a slow computer}?
Is {my GPU|my computer|my laptop|my graphics card|an old computer|an old GPU} {good enough|enough|strong enough|fast enough|too weak|too slow|OK}?
{Do you|Does Phield|Does the app} {use|run on} {my GPU|the GPU|my graphics card|the CPU|the graphics chip}?
What if I have {no GPU|no graphics card|a weak GPU|an old GPU|a slow GPU|a bad graphics card}?
My {computer|laptop|GPU|graphics card} is {old|weak|slow|bad|very old}. {Will it work|Can I use Phield|Is that a problem|Does it still run}?
{hardware requirements|system requirements|requirements|gpu requirements}?
What are the {requirements|system requirements|hardware requirements}?""")

topic("server", "No server computes the answers. The model runs in your browser tab, on your own device.",
      "No server computes the answers; in your browser tab", """
{Is there|Do you use|Does Phield use|Do you need|Does it use} a {server|cloud|server somewhere|data center|cloud service|backend}?
Where {does the model|do you|does this model|does Phield|does the AI} {run|live|work|compute|think}?
Where {are|do} {the answers|your answers|the replies|the words} {made|computed|come from|calculated|produced|generated}?
Do you {run|live|work} {on a server|in the cloud|on my computer|on my device|in my browser|in a data center|locally}?
{Who|What|Which computer|Which machine} {computes|makes|calculates|does the work for|produces} {the answers|your answers|the replies}?
{Does|Is} {the model|this model|the AI|it} {run|running} {on a server|in the cloud|on my computer|on my device|in my browser|in the tab|locally|here}?
What does the server do?
{How|Why} does {this|it|the model} {run|work} in {a browser|a tab|my browser|the browser}?
Does {Phield|it|the app} {call|ask|contact|use} {an API|a server|OpenAI|the cloud|a remote model}?
{Is this|Is it|Are you} {local|in the cloud|running locally|a cloud service|on a server}?""")

topic("stop", "Press the Stop button, and the answer stops at once.",
      "Press the Stop button", """
How {do|can} I {stop|end|cancel|interrupt|break off|halt} {you|the answer|an answer|the reply|the model|the text|the writing|this|a story|the story}?
{Can|May} I {stop|cancel|interrupt|end} {you|the answer|an answer|the reply|a long answer|a story}{| while you write| in the middle|}?
{The answer|Your answer|The story|It} is too long. {How do I stop it|How can I stop you|Can I stop it}?
What {is|does} the Stop button {for|do}?
How do I make {it|you|the model|the answer} stop?
Where is the {stop button|button to stop}?
You {write|talk} too much. How do I stop you?
What do I press to {stop|cancel|end} {you|the answer|the reply|it}?
I want {you to stop|to stop you|to stop the answer|to cancel}. {How|What do I press|What do I do}?
{stop button|cancel an answer|stop the answer}?""")

topic("new_chat", "Press New chat to start a fresh conversation.",
      "Press New chat", """
How {do|can} I {start|open|begin|make|create|have|get} {a new chat|another chat|a new conversation|a fresh chat|a fresh conversation|a second chat|a new talk|an empty chat}?
{Can|May} I {start|open|begin|have} {a new chat|a new conversation|over|again from the beginning|a fresh chat|another conversation}?
How {do|can} I {start over|start again|begin from the start|reset the chat|reset this conversation|clear the chat|forget this talk|clear this conversation}?
Where {is|do I find} the {New chat button|button for a new chat|new chat}?
{I want|I would like} {a new chat|to start over|to start a new chat|a fresh start|a new conversation}. {How|What do I press|What do I do}?
What does {New chat|the New chat button} do?
What do I press {for a new chat|to start over|to begin a new chat|for a fresh conversation}?
{new chat|new conversation|start over}?
Can we talk about something new in a new chat?""")

topic("regenerate", "Press Regenerate, and I will answer again in another way.",
      "Press Regenerate", """
How {do|can} I {get|have|see|ask for} {another answer|a different answer|a new answer|a second answer|another version|another reply|a new reply}?
{Can|Could} {you|I} {answer again|try again|get another answer|get a new answer|say it differently|redo that|write it again|redo the answer|repeat the answer in another way|have a second try}?
What does {Regenerate|the Regenerate button} do?
I {do not like|did not like|am not happy with|hate} {this answer|your answer|the answer|the last answer|this story}. {What can I do|Can I get another|Can you try again|How do I get a new one}?
How do I {regenerate|repeat|redo} {the answer|an answer|a reply|the last answer|your answer}?
Where is the {regenerate button|Regenerate button}?
What do I press to get {another answer|a new answer|a different reply}?
{regenerate|another answer|a different answer}?
The answer {was bad|is wrong|was not good}. {How do I get another|Can I try again|How do I get a new one}?""")

topic("edit", "Press Edit message, change your text and send it again.",
      "Press Edit message", """
How {do|can} I {edit|change|correct|fix|rewrite|improve} {my message|a message|my question|what I wrote|what I sent|my last message|a typo|my text|a sent message}?
{Can|May|Could} I {edit|change|correct|fix|rewrite} {my message|a message|my question|what I wrote|my last message|a typo|a sent message|an old message}{| later| again|}?
What does {Edit message|the Edit message button} do?
I {made|wrote|have} a {mistake|typo|wrong word} {in my message|in my question|in my text}. {How do I fix it|Can I fix it|What can I do|Can I change it}?
Where {is the edit button|can I edit a message|can I change my message|do I edit}?
What do I press to {edit|change|correct} {my message|what I wrote|a message}?
{edit message|edit my message|change my message|fix a typo}?
I want to {edit|change|correct} {my message|my question|what I wrote}. How?
I {sent|typed} the wrong {thing|text|question|message}. {Can I edit it|How do I change it|What can I do}?""")

topic("copy", "Press Copy message, and the text is on your clipboard.",
      "Press Copy message", """
How {do|can} I copy {the answer|an answer|this|a message|your text|the text|the story|a reply|your answer|the reply}?
{Can|May} I copy {the answer|an answer|this|your text|the story|a message|the reply}{| somewhere| into a letter| to another program|}?
What does {Copy message|the Copy message button|the copy button} do?
Where is the {copy button|button to copy|Copy message button}?
How do I {get|put|bring|paste|move} {the answer|your text|the story|this text|the reply} {into another program|to my clipboard|on the clipboard|into an email|in a document|into my notes|into the clipboard}?
What do I press to copy {the answer|the text|a message}?
I want to {copy|paste|use} {the answer|the story|your text} {somewhere else|in an email|in a document|}. How?
{copy|copy message|copy the answer|clipboard}?
Is there a {copy button|way to copy the text}?""")

topic("history", "Your conversations are kept on this device, also when you close the browser.",
      "conversations are kept on this device; close the browser", """
{Are|Will} {my chats|my conversations|the chats|old chats|my messages|our talks|the conversations} {be |}{saved|kept|stored|lost|deleted|gone}{| when I close the browser| when I close the tab| after a restart| when I leave|}?
{Do you|Does Phield|Will Phield|Does the app} {save|keep|store|remember} {my chats|the chats|the conversation|our conversation|old chats|my history|this chat|old conversations|this conversation}?
Where {are|is} {my old chats|my chats|my history|my conversations|the chat history|old conversations} {|kept|saved|stored}?
What happens {to|with} {my chats|this chat|the conversation|our talk|the chat} when I {close the tab|close the browser|restart|leave|close the window|reload|turn off the computer}?
{Is|Will} {the|this|my} {chat|conversation|history} {saved|be saved|be kept|kept|lost|still there tomorrow|be there tomorrow|be gone}{| when I close the tab|}?
Can I {come back to|see|find|open|read} {this chat|my old chats|an old conversation|my history|yesterday's chat} {later|again|tomorrow}?
{history|chat history|saved chats}?
Is there a {history|chat history|list of old chats}?
If I {reload|restart the browser|close the tab|restart my computer}, is {the chat|my conversation|this talk} {gone|lost|still here|kept}?""")

topic("temperature", "Temperature says how freely the model picks its words. Low is more predictable, high is more surprising.",
      "how freely the model picks its words", """
What is {temperature|the temperature|the temperature setting|temperature here|temperature in a model}?
What does {temperature|the temperature|the temperature setting|temperature here} {do|mean}?
{Explain|Define|Describe} {temperature|the temperature|the temperature setting}{| to me| please|}.
{What|Which} temperature {should I use|is best|is good|do I need|do you use}?
How do I {use|set|choose|change} the temperature?
What happens {if I raise the temperature|with a high temperature|with a low temperature|when I change the temperature|if the temperature is zero}?
{Tell me|Tell me something} about temperature.
{temperature|temperature setting}?
What is a {high|low|good} temperature{| for}?
How can I make the answers {more random|more creative|more predictable|less random|more surprising|wilder}?
Why is there a {temperature|temperature setting}?""")

topic("system_text", "Add &system= and your text to the address of the page. Then the model gets it as its system text.",
      "Add &system=", """
How {do|can} I {set|give|write|change|use|add} {a system prompt|the system prompt|a system text|the system text|a system message|the system message|my own system prompt|another system text}?
{Can|May} I {set|give|write|change|use} {a system prompt|the system prompt|a system text|my own system message|the system message|another system prompt}?
What is {a system prompt|the system prompt|the system text|a system message|a system text}?
{Where|How} {do|can} I tell {you|the model} {how to behave|what role to play|who to be}?
Which {address parameter|parameter|part of the link} sets the system {text|prompt|message}?
{Is there|Do you have} a {system prompt|system text|system message}?
{system prompt|system text|system message|&system}?
How do I put a system {text|prompt|message} {in the link|in the address|into the URL|in a link}?
What does {&system=|the system parameter} do?""")

topic("model_link", "Add ?model= to the address of the page, with a model id or the address of an MLC folder.",
      "Add ?model=", """
How {do|can} I {open|start|load|use} {Phield|the app|the page} with {another model|a certain model|my own model|a model of my choice|a special model} {by link|by address|in a link|through a link|by URL|in the URL}?
{Can|May} I {use|load|run|bring|try} {my own model|my own weights|my own Phi-3|a custom model|a model from my server|a fine-tuned model|my own MLC folder}?
How {do|can} I {use|load|run|bring|try} {my own model|my own weights|a custom model|a model from another address|a fine-tuned model|my own MLC folder}?
What does {?model=|the model parameter|?model} do?
How do I {make|write|share} a link {to|with|for} a {model|certain model|special model}?
Can {a link|the address|the URL} {choose|set|carry|name|select} {the model|a model}?
Which {parameter|part of the address|part of the link|URL parameter} {chooses|sets|selects|names} the model?
{model parameter|?model|model in the link|own model}?
How do I set the model {in the link|in the address|in the URL}?
Where do I put {the address of my model|the id of a model|the model id}?""")

topic("quantization", "The weights are stored with 4 bits each, in the format q4f16_1. That makes the model small.",
      "4 bits each; q4f16_1", """
What is {quantization|q4f16_1|quantisation|q4|4-bit|a quantized model|q4f16}?
What does {quantization|q4f16_1|quantized|q4|4-bit} mean?
{Are|Is} {the weights|the model|you|Phi-3-mini|this model} {quantized|compressed|made smaller|in 4 bits|stored in 4 bits|4-bit}?
How many bits {does a weight have|has a weight|do the weights have|per weight|does each weight use|are used for a weight}?
{How|In which format|In what format} are the weights {stored|kept|saved|packed|written|coded}?
{Which|What} {format|quantization|number format|weight format|precision} {do you use|does Phield use|do the weights have|does the model use|is used|are the weights in}?
How {can|does} {the model|such a big model|Phi-3-mini} {fit|fit in a browser|get so small|become so small|be so small}?
{Explain|Define|Describe} {quantization|q4f16_1|the weight format}.
{quantization|q4f16_1|weight format|bits per weight}?
How is the model made {small|smaller|small enough}?""")

topic("token", "A token is a small piece of text, such as a word or a part of a word. Models read and write tokens.",
      "A token is a small piece of text", """
What is a token?
What are tokens{| here| exactly| for a model| in a model|}?
What does {token|the word token|tokens} mean?
{Explain|Define|Describe} {tokens|a token|the word token|what a token is}{| to me| simply|}.
{Is a token|Are tokens} {a word|the same as words|words|letters|money|coins|a letter|a part of a word}?
{Tell me|Tell me something} about tokens.
Can you {explain|tell me} what {a token is|tokens are}?
What do you mean by {token|tokens|a token}?
{token|tokens}?
How {long|big} is a token?
Why do {models|you|people} {use|count|speak of} tokens?
I do not know what a token is. {Please explain|Can you explain|What is it}?""")

topic("context", "I can look at 1024 tokens at once. What came before that is out of my sight.",
      "1024 tokens at once", """
{What|How big|How large|How long} is {your context|your context window|the context window|your context length|the context|your memory|the context size|your context size}?
How {much|many words|many tokens|much text|far back|many messages} can you {read|remember|see|look at|keep in mind|hold|use}{| at once| at one time| at the same time|}?
How long can {a chat|my message|a conversation|our talk|my text|a prompt|the input} be?
What is {a context window|the context window|context length|the context length|the limit of the context}?
{Is there|What is} {a limit|the limit|a maximum|the maximum} {for|of} {my text|a message|the chat|the input|the conversation|tokens}?
Do you {remember|forget|know} {everything|the beginning of a long chat|long chats|the start of our talk|things from long ago}?
How good is your memory?
{context window|context length|context size|token limit}?
What happens when {the chat|my text|the conversation|the context} is {too long|full|very long}?
Can I {paste|give you|write|send} {a long text|a whole book|a very long message}?""")

topic("speed", "The speed depends on your GPU. You can measure it with Benchmark.",
      "depends on your GPU; Benchmark", """
How {fast|quick|slow} {is|are} {it|this|Phield|you|the model|Phi-3-mini|the answers}?
Why {is|are} {it|this|Phield|you|the model|the answers|the answer|the app} {so |}{slow|slow today|taking so long|not faster|very slow|fast}?
How many {tokens per second|words per second|tokens in a second|tokens each second} {do you make|can you write|do I get|does it reach|can it do|does Phield make}?
How can I {measure|test|see|check|find out} {the speed|how fast it is|how fast my GPU is|my speed|the tokens per second|how fast you are}?
What is the {speed|Benchmark|benchmark|Benchmark button}{| for| of Phield|}?
What does {Benchmark|the Benchmark button|the benchmark} do?
{Can|Could} {you|it|Phield|the answers} {be|go|write|get|come} {faster|quicker}?
{speed|benchmark|tokens per second|performance}?
What does the speed depend on?
{It is|You are|Phield is|The answers are|This is} {slow|very slow|so slow|too slow}. {Why|What can I do|Is that normal}?
How long does {an answer|a story|a reply} take?""")

topic("mistakes", "I am a very small model and can be wrong, so please check what matters.",
      "can be wrong; check what matters", """
{Can|Should|May|Could} I {trust|believe|rely on} {you|your answers|what you say|the answers|this}?
{Do|Can|Will} you {make|ever make} {mistakes|errors}?
{Are|Is} {you|your answers|what you say|all you say|the answers|this} {always right|right|true|reliable|correct|always correct|always true|ever wrong|accurate|exact}?
How {good|reliable|accurate|right|trustworthy} are {you|your answers}?
{Are|Were|Could} you {wrong|ever wrong|sometimes wrong|often wrong|be wrong|be mistaken|lie to me|tell lies}?
{That is wrong|You are wrong|That was wrong|That is not true|This is not correct|That is not right|You made a mistake|I think you are wrong}.
Do you {lie|invent things|make things up|hallucinate|always tell the truth|know everything}?
{Is that|Is this|Was that} {true|right|correct|really true}?
How {often|much} are you wrong?
Do I have to check {your answers|what you say}?
How {sure|certain} are you?
{Are you|How} {smart|clever|intelligent} {|are you}?""".replace("{Are you|How} {smart|clever|intelligent} {|are you}?", "Are you {smart|clever|intelligent}?"))

topic("abilities", "I tell short stories, continue them, and answer basic questions about Phield.",
      "tell short stories; continue them; questions about Phield", """
What can you do{| for me| here| exactly|}?
What {are|is} {you able to do|your abilities|your skills|your job|your task|your purpose|your talents}?
{How|With what|What} can you help{| me|}{| with|}?
What are you {for|good for|good at|made for|here for|able to help with}?
{Tell me|Show me|Say|List} {what you can do|your skills|your abilities|how you can help me|what you are good at|all you can do}.
What {do you know|can I ask you|should I ask you|can I ask|may I ask|can I ask here|questions can I ask|do you know about|can I do with you|can I do here}?
{help|Help|help me|I need help|Can you help me|Help, please|Please help me|What now}?
What else can you do?
{Do you have|Are there} any {skills|talents}?
Give me {some ideas|an example|examples} of what you can do.
What kind of {questions|things} {can you answer|do you answer|can you do|do you know}?""")

topic("ask_story", "Give me a noun, a verb and an adjective, and I will tell you a short story with them.",
      "Give me a noun, a verb and an adjective", """
How {do|can} I {ask for|get|order|have|request} {a story|stories|a short story|a tale}?
{Can|Do|Could} you {tell|write|make up|know|invent|make} stories?
What {stories|kind of stories|sort of stories} {can you tell|do you tell|do you know|can you write}?
{How|What} {do|should|must|can} I {say|write|type|give you|tell you} {for a story|to get a story|to hear a story|so that you tell a story|if I want a story}?
How {do|can} your stories work?
How do I {choose|pick|set|name} {the words|my words|words} {for|of|in} {a story|the story}?
{Which|What} words {do you need|can I give you|should I give you|do I need} for a story?
Can I {choose|pick|give you} {the words|my own words|three words|words} {for|of} {a story|the story}?
{Are you good at|Do you like} {stories|telling stories|writing stories}?
What is {needed|the best way} for a story?
How does {the story thing|storytelling|telling a story} work{| here|}?""".replace("How {do|can} your stories work?", "How do your stories work?"))

topic("languages", "I only speak simple English.",
      "I only speak simple English", """
{Which|What} {languages|language} {do you speak|can you speak|do you know|do you understand|can I use|can I write in|are supported|do you support}?
{Do|Can} you {speak|understand|write|know|read|use|answer in|talk in} {Spanish|French|German|Italian|Chinese|Japanese|Russian|other languages|another language|Dutch|Arabic|Hindi|Portuguese|English|Polish}?
{Can|May|Could} I {write|talk|ask|speak} {to you |you |}in {Spanish|French|German|Italian|Chinese|Japanese|Russian|another language|my language|Dutch|Polish}?
{Translate|Please translate|Can you translate} {this|this text|a word|a sentence} {to|into} {Spanish|French|German|Italian|Chinese|Japanese}.
{Hablas|Habla} {espanol|ingles}?
{Sprichst du|Sprechen Sie} Deutsch?
Parlez-vous francais?
Is English {the only language|your only language|all you speak}?
How many languages do you {speak|know}?
{languages|language}?
Please {answer|write|speak|talk} in {Spanish|French|German|Italian|Chinese|Japanese|my language}.
Do you speak {only|just} English?""")

topic("phone", "Phield works on a phone or tablet if its browser has WebGPU. I am small enough for it.",
      "phone or tablet if its browser has WebGPU", """
{Does|Will|Can|Would} {Phield|this|it|the app} {work|run|be used} on {my phone|a phone|my mobile|a tablet|an iPad|Android|my smartphone|a mobile phone|iOS|my tablet|an Android tablet|a small phone}?
Can I {use|run|open|try|have} {Phield|this|it|you|the app} on {my phone|a phone|a tablet|my iPad|my mobile|an Android phone|a smartphone|my tablet|an iPhone}?
Is there {a mobile version|a phone app|an Android app|an iPhone app|a version for phones|an app for my phone}?
{What about|How about} {phones|mobile phones|tablets|mobile|Android|iPhones}?
{Are|Is} {phones|tablets|mobile phones|Android|iOS|the iPad|mobile} {supported|OK|fine|possible}?
{phone|mobile|tablet|Android|iphone}?
I {have|use|am on} {a phone|a tablet|an iPad|my phone|a mobile phone}. {Can I use Phield|Does it work|Will it run|Is that fine}?
How do I use {Phield|it|this} on {my phone|a tablet|a mobile}?
Do phones work{| too| with Phield|}?""")

topic("webllm", "WebLLM is another engine for models in the browser. Phield can run Phi models with it, too.",
      "WebLLM is another engine", """
What is {WebLLM|web-llm|web llm|this WebLLM}?
{Do you|Does Phield|Does this|Does the app} {use|need|know|support|run|include|work with} {WebLLM|web-llm}?
{Explain|Describe|Define} {WebLLM|what WebLLM is}{| to me|}.
What does WebLLM do{| here| in Phield|}?
{Tell me|Tell me something|Tell me more} about {WebLLM|web-llm}.
Is {Phield|this} {built on|the same as|based on|made with|better than|like} {WebLLM|web-llm}?
What is the difference {between Phield and WebLLM|to WebLLM}?
Can I {use|choose|switch to} {WebLLM|the WebLLM engine|web-llm}{| in Phield| here|}?
What {has WebLLM to do with Phield|is WebLLM for|is WebLLM good for}?
Why {is WebLLM here|WebLLM|use WebLLM|does Phield use WebLLM}?
{WebLLM|web-llm}?""")

topic("engine", "Phield has its own engine, written in WGSL for WebGPU. It reads weights in the MLC layout.",
      "its own engine; WGSL; MLC layout", """
{What|Which} engine {does Phield use|do you use|runs the model|runs you|is used|is in Phield|is this|does the app have|drives Phield}?
{Does|Has} Phield {have|got|} {its own engine|an own engine|an engine of its own|a special engine}?
What is {the engine|the Phield engine|the engine of Phield|WGSL|the own engine|MLC|the MLC layout}?
How does {the engine|the engine of Phield|Phield's engine} work?
{Explain|Describe} the engine{| of Phield| to me|}.
In {which|what} language is the {engine|shader code|GPU code} written?
How does Phield {run|compute|execute} {the model|models|Phi-3} {technically|inside|under the hood|on the GPU}?
{What|Which} {weights|files|weight layout|model files|layout|model format} {can Phield read|does the engine read|does Phield read|does Phield need|can the engine load}?
{engine|WGSL|MLC|the engine}?
Who {wrote|made|built} the engine{| of Phield|}?
Is {the engine|the code that runs the model} {your own|self-made|written from scratch|made by you|new}?""".replace("{have|got|} {its", "{have|use} {its"). replace("{Does|Has} Phield", "Does Phield"))

topic("images", "I can not see images. Phi-3.5-vision, which also runs in Phield, can.",
      "can not see images; Phi-3.5-vision", """
{Can|Do|Could} you {see|look at|read|understand|describe|recognize|analyze|view|know} {images|pictures|photos|a picture|a photo|an image|my photo|this picture|my picture|a drawing}?
{Can|May|Could} I {show|send|give|upload} {you |}{a picture|an image|a photo|images|pictures|my photo|a drawing|a screenshot}?
{Can|Could} you {draw|paint|make|create|generate} {a picture|an image|images|pictures|a photo|a drawing}?
{Here is|Look at|What is in|What is on|What do you see in|Describe} {a picture|this picture|this photo|this image|my photo|the image|the photo}{|.}
{Do you have|Have you got|Where are} {eyes|your eyes}?
Are you able to {see|look at things|see pictures}?
{Which model|What model|Is there a model that} can see {images|pictures|photos}?
{images|pictures|photos|vision}?
{Does|Can|Will} {Phield|it} {work with|understand|support|read} {images|pictures|photos}?
What is Phi-3.5-vision?""")

topic("files", "Press Attach file and choose it. Its text is read here on your device.",
      "Press Attach file; read here on your device", """
How {do|can} I {attach|upload|add|send|give you|open|load|include|use} {a file|files|a document|a PDF|a text file|my document|a paper|a text|a letter|a Word file}?
{Can|May|Could} I {attach|upload|add|send you|give you|open|show you} {a file|files|a document|a PDF|a text file|my document|a report|my homework}?
{Can|Could|Do} you {read|open|summarize|understand|use|look into|sum up} {a file|files|a document|documents|a PDF|PDFs|my documents|my files|a report}?
What does {Attach file|the Attach file button} do?
Where {is|do I find} the {attach button|button to attach a file|Attach file button|upload button}?
{files|documents|attach a file|attachments|pdf}?
I {have|want to give you|want to ask about|need help with} a {file|document|PDF|text file|report}. {How|Can you read it|What do I press|Where do I put it|What do I do}?
Is my {file|document|PDF} {uploaded|sent|sent away|sent to a server}?
What do I press to {attach|add|open} a {file|document|PDF}?""")

topic("internet", "I can not search the internet, and I know no news.",
      "can not search the internet; no news", """
{Can|Do|Could|Will} you {search|use|browse|go to|look at|read|see|visit|open|google|search in} {the internet|the web|websites|Google|Wikipedia|a website|web pages|the net|this link}?
{Do|Can} you {know|get|read|tell me|have|see} {the news|today's news|what happened today|the latest news|what is new in the world|the weather|the date|the time|what day it is}?
{Are|Do} you {online|have internet|have access to the internet|have access to the web|have web access|connected|connected to the web}?
{What is|Tell me|Give me|Show me} {the news|today's news|the latest news|the weather|the weather today|the time|the date|today's date}{|?}
{Search|Google|Look up|Find|Look for} {something|cats|this|a recipe|a hotel|a shop|it} {on the internet|on the web|online|for me on the web|in Google}.
What {time|day|year|date} is it{| today| now|}?
What {happened|is going on} {today|yesterday|in the world|this week|last year}?
Can you {find|check|get} {something|facts|a page} online?
How is the weather{| today| tomorrow| outside|}?
Who won the {game|election|match|race}{| yesterday| last year|}?""")

topic("training", "The Phield project trained me on simple stories and questions that its own code made.",
      "Phield project trained me; its own code made", """
How {were|are} you {trained|made|built|created|taught|developed|born}?
{On what|On which data|On which texts|With what|With which data|With which texts} {were|are} you trained?
Who {trained|made|built|created|taught|developed|wrote|programmed|invented} you{|, phield-tiny|}?
What {data|texts|books|stories} {were you trained on|did you learn from|did you read|were used to train you|did they use to train you|were you made from}?
Where {did you learn|do you come from|does your knowledge come from|did you learn to tell stories|were you trained|do you have your knowledge from}?
{What is|Tell me about|Explain|Describe} your {training|training data|origin|past}.
How did you learn{| to write| to talk| English| all this|}?
{Who is|Who are} your {maker|makers|creator|creators|father|parents|author}?
{Were you|Are you} {trained|made} {by Microsoft|by OpenAI|by Google|on books|on the internet|on Wikipedia|by people|by the Phield project}?
{training data|your training|how were you made}?
What did you learn from?""")

topic("tracking", "Phield does not track you and sends no statistics.",
      "does not track you; no statistics", """
{Do|Does|Will} {you|Phield|this site|this page|the app|it} {track|follow|watch|spy on|observe|record|monitor} {me|people|users|my clicks|the users|what I do}?
{Do|Does} {you|Phield|this site|the app|this page} {use|set|need|have} {cookies|trackers|analytics|tracking|ads|statistics|telemetry|tracking cookies}?
{Am I|Are users|Is anyone} {tracked|watched|followed|monitored|observed}{| here| by Phield|}?
{Are there|Is there} {any |}{trackers|cookies|analytics|telemetry|tracking|spies|tracking code}{| here| in Phield|}?
{Do|Does} {you|Phield|it|this page} {collect|gather|count|measure|send} {data about me|statistics|usage data|my clicks|telemetry|user data|numbers about users}?
What do you {collect|know|record|count} about {me|users|people|your users}?
{cookies|tracking|telemetry|analytics|trackers}?
Does {Phield|it|this} call home?
What about {cookies|tracking|analytics|telemetry}?
How do I turn off {tracking|cookies|telemetry|statistics|analytics}?""")

topic("difference", "Other chat services run the model on their servers. Phield runs it on your own device.",
      "Other chat services; on their servers; your own device", """
{What is|Tell me|Explain} the difference {between Phield and|between this and|from} {ChatGPT|other chatbots|other chats|other AI apps|Claude|Gemini|a normal chatbot|other apps|Copilot|other services}?
How {is|are} {Phield|this|you} different{| from| than} {ChatGPT|other chatbots|the others|other chats|other AI apps|Claude|Gemini|Copilot|a cloud service}?
What makes {Phield|this|it|this app} {special|different|unique|better|new|interesting}?
Why {should I use|use|choose|would I use|do people use|take} {Phield|this|this app}{| and not ChatGPT| and not another app| instead of another chat|}?
{Is|Are} {Phield|this|you} {like|better than|the same as|similar to|as good as|worse than} {ChatGPT|other chatbots|Claude|Gemini|Copilot|other AI apps}?
What {is|are} the {advantage|advantages|benefit|benefits|good side} of {Phield|this app|this|running it locally}?
{Phield or ChatGPT|ChatGPT or Phield|Phield versus ChatGPT|compare Phield and ChatGPT}?
Compare {Phield|this} {with|to} {ChatGPT|other chatbots|other services|Gemini}.
What can Phield do that {others|ChatGPT|other chats} can not?""".replace("different{| from| than} {", "different from {"))

topic("resume", "The download goes on where it stopped. Parts that are already here are kept.",
      "goes on where it stopped", """
What {if|happens if|happens when} {the download|my download|the download of Phi-3-mini|loading} {stops|breaks|fails|is interrupted|breaks off|is broken|gets stuck|does not finish|is stopped}?
What {if|happens if|happens when} I {close the tab|close the browser|lose the network|go offline|shut down|restart|lose the connection|turn off the computer} {during|in|while in} the download?
{Can|Does|Will} {the download|a download|it|a stopped download} {resume|continue|go on|go on later|continue later|start again|start from zero|start over|be continued|pick up again}?
{Do I|Must I} {have to |}{start the download again|download everything again|start from zero|begin the download again|load it all again}?
{The|My} download {stopped|failed|broke|was interrupted|broke off|hangs|did not finish|is stuck}. {What now|What can I do|Do I have to start again|Is it all lost|Help}?
Can I {pause|stop|interrupt|break off|continue|resume} {the download|a download|downloading}{| and go on later| later|}?
{resume|resume the download|download interrupted|download failed|download stopped}?
{I lost|My internet was gone|My network was gone|I lost the network} during the download.{| What now?| Must I start again?}
Is a half download {lost|kept|useless}?
How do I {continue|resume|go on with} {the download|a download|a stopped download}?""".replace("{I lost|My", "{My"))

BEFORE = ["", "", "", "", "", "", "", "", "Hi. ", "Hello! ", "Hey, ", "Please tell me: ", "A question: ", "I have a question. ", "Quick question: ",
          "Tell me, ", "Hi Phield, ", "So, ", "OK, ", "And ", "One more thing: ", "Just wondering: ", "I wonder: ", "Excuse me, "]
AFTER = ["", "", "", "", "", "", "", "", "", " Thanks.", " Please tell me.", " I want to know.", " Thank you!", " Please."]
SMALL = {"the", "a", "an", "to", "is", "of", "my", "this", "i", "do", "does", "in", "it", "for", "can", "me", "you", "are", "on"}


SYNONYMS = [g.split("|") for g in """need|require|want|have to have
needed|required|necessary|mandatory
work|run|function|operate
delete|remove|erase|get rid of|drop
big|large|heavy|huge
small|little|tiny
fast|quick|speedy
show|display|give
make|create|produce|get
look at|see|view|check
start|begin|open|launch
stop|end|halt|quit
change|modify|alter|edit|correct
send|transfer|transmit|upload
stored|saved|kept|held
store|save|keep|hold
tell me about|explain|describe|inform me about
what is|what's|explain|define|what does it mean:
who made|who created|who built|who is behind|who wrote
how do I|how can I|how could I|how would I|what must I do to|what is the way to|is there a way to|how should I
can I|may I|could I|am I able to|is it possible to|is it possible for me to
can you|could you|are you able to|would you|do you know how to
do I need|must I have|is it required to have|is there a need for
computer|laptop|machine|PC|device
phone|smartphone|mobile|iPhone
answer|reply|response
answers|replies|responses
chat|conversation|talk|discussion
message|text|question|note
picture|photo|image
file|document|PDF
free|free of charge|without cost
cost|price|fee
internet|network|web|connection|wifi
website|site|web page|homepage|blog
better|smarter|improved|nicer
another|a different|one more|a second
button|key|command
different from|unlike|not the same as|other than
data|information|words|texts
people|others|persons|strangers|somebody
my own|a custom|a private""".splitlines()]
FILLER = "please just really maybe actually then now exactly here today also there still ever".split()


def reword(text, rng):
    """The same question in other words, more or less: what must count are the words that matter."""
    low = " " + text + " "
    for group in rng.sample(SYNONYMS, len(SYNONYMS)):
        if rng.random() < 0.5:
            for w in group:
                at = low.lower().find(" " + w.lower() + " ")
                if at >= 0:
                    low = low[:at + 1] + rng.choice(group) + low[at + 1 + len(w):]
                    break
    words = low.split()
    r = rng.random()
    if r < 0.35:
        words = [w for w in words if rng.random() > (0.3 if w.lower() in SMALL else 0.06)] or words
    elif r < 0.5:
        words.insert(rng.randrange(len(words) + 1), rng.choice(FILLER))
    elif r < 0.58 and len(words) > 3:
        cut = rng.randrange(1, len(words))
        words = words[cut:] + words[:cut]
    text = " ".join(words)
    return text[0].upper() + text[1:]


def ask(name, rng):
    """One phrasing of a topic, as a person might really type it."""
    text = pick(rng.choice(TOPICS[name][2]), rng)
    if rng.random() < 0.6:
        text = reword(text, rng)
    before = rng.choice(BEFORE)
    if before and before[-2] in ":,d" and not text.startswith(("I ", "Phi", "WebGPU", "Phield", "Chrome")):
        text = text[0].lower() + text[1:]
    text = before + text + rng.choice(AFTER)
    r = rng.random()
    if r < 0.2:
        text = text.lower()
    elif r < 0.23:
        text = text.upper()
    if rng.random() < 0.2:
        text = text.rstrip("?.")
    return text.strip()


def answer(name):
    return TOPICS[name][0]


def judge(name, text):
    """Right: all key facts of the topic, and no other topic's canonical answer in it."""
    flat = " ".join(text.split())
    return all(k in flat for k in TOPICS[name][1]) and not any(TOPICS[o][0] in flat for o in TOPICS if o != name)
