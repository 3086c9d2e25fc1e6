"""The sample conversation: four friends plan a weekend at a lake. All names, places and events are invented.

One line a message: `day/month hour:minute Sender: text`, without a sender for the app's own lines; a line that begins
with `|` continues the message above. `{name}` stands for an attachment of `export`.
"""

ENTRY = "Lake house weekend"
"""The name of the chat, as the export's file names carry it."""

STORY = """\
12/05 18:02 Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them.
12/05 18:02 You created group "Lake house weekend 🛶"
12/05 18:02 You added Tomás
12/05 18:02 You added Aiko
12/05 18:03 You added Sami
12/05 18:04 Nora: Hello you three! My aunt says we can have the lake house in June 🎉
12/05 18:04 Nora: Four beds, one canoe, no wifi to speak of
12/05 18:06 Tomás: I'm in. I was in before you finished the sentence
12/05 18:11 Aiko: Yes!! Which weekend?
12/05 18:12 Nora: She offered the 6th or the 13th
12/05 18:20 Sami: The 13th please, the 6th is my cousin's wedding and I'm the one with the rings
12/05 18:21 Tomás: Please do not lose the rings
12/05 18:21 Sami: I have a system
12/05 18:22 Aiko: He means a pocket
12/05 18:24 Nora: You deleted this message
12/05 18:25 Nora: POLL:
|Which weekend?
|OPTION: 6 and 7 June (0 votes)
|OPTION: 13 and 14 June (4 votes)
12/05 18:40 Nora: 13th it is, I'll tell her tonight
12/05 18:41 Sami: يلا بينا! Let's go!
14/05 08:15 Nora: Aunt Elke says yes, and to water the sunflowers as rent
14/05 08:16 Nora: {sunflowers}
|This is them, she sent proof
14/05 08:19 Aiko: きれいなひまわりですね 🌻
14/05 08:20 Aiko: (They are beautiful!)
14/05 08:31 Tomás: I will water them twice
14/05 08:32 Nora: Once. Once is the amount
17/05 20:44 Tomás: Who is driving? My car is at the garage until forever
17/05 20:47 Sami: I can drive, but I only fit three and a half people
17/05 20:47 Sami: <Media omitted>
17/05 20:49 Aiko: What is the half
17/05 20:50 Sami: Tomás with his knees up
17/05 20:51 Tomás: Accepted
17/05 20:58 Nora: I'll take the train on the day before and open the house, so you have room for the food
17/05 21:03 Aiko: Then I'll navigate. Sami and maps are not friends
17/05 21:04 Sami: The map was upside down ONE time
17/05 21:04 Aiko: It was a phone, Sami
21/05 12:30 Nora: Here is the list, so nobody brings four bottles of olive oil again
21/05 12:30 Nora: {packing_list}
21/05 12:34 Tomás: That happened once
21/05 12:35 Aiko: We used it as lamp oil
21/05 12:36 Aiko: Beautiful evening though
21/05 12:52 Sami: I have tent, lamp, rope, cards. Why rope?
21/05 12:55 Nora: For the canoe
21/05 12:55 Nora: It drifts
21/05 12:56 Tomás: It drifts 😌
26/05 19:10 Aiko: Recipe question: pancakes with or without buttermilk?
26/05 19:12 Tomás: With
26/05 19:12 Sami: With
26/05 19:13 Nora: There is a shop in the village, it has buttermilk and one kind of cheese
26/05 19:14 Tomás: Which kind
26/05 19:15 Nora: Yes
02/06 07:55 Sami: Wedding update: rings delivered, nobody fainted, I cried 3 times
02/06 07:58 Nora: ❤️
02/06 08:01 Aiko: Pictures please
02/06 08:02 Sami: This message was deleted
02/06 08:03 Sami: Wrong chat, that was for my mother 🙈
08/06 21:15 Tomás: Weather says sun, then sun, then a small cloud with a question mark
08/06 21:17 Nora: Bring a jumper anyway, the evenings are cold on the water
08/06 21:20 Aiko: Is there a good kettle
08/06 21:21 Nora: There is a kettle
08/06 21:22 Aiko: I'm bringing my kettle
12/06 16:38 Nora: I'm here! Key under the third pot, as foretold
12/06 16:40 Nora: location: https://maps.google.com/?q=47.6513,11.2034
12/06 16:41 Nora: The lake is completely flat. You can hear the cows on the other side
12/06 16:59 Tomás: I can hear my neighbour's drill
12/06 20:47 Nora: {lake_at_dusk}
|No filter, I promise
12/06 20:49 Sami: Oh
12/06 20:49 Aiko: OH
12/06 20:50 Tomás: I'm leaving now, on foot
12/06 22:31 Nora: {starry_night}
|Good night from the dark end of the map
12/06 22:40 Aiko: Is that our window?
12/06 22:41 Nora: That's the neighbour. Our lamp is the one that doesn't work
12/06 22:43 Sami: I have a lamp! It's on the list!
13/06 07:05 Sami: Everyone downstairs in five minutes
13/06 07:06 Tomás: I've been downstairs since 6
13/06 07:19 Aiko: Two minutes, the kettle didn't fit
13/06 07:24 Aiko: It fits now. Tomás is holding it
13/06 08:50 Aiko: We passed the turn
13/06 08:50 Aiko: We are fine, this is a scenic turn
13/06 08:58 Nora: Where are you?
13/06 09:02 Aiko: {morning_fog}
|Somewhere here. Nobody is sorry
13/06 09:04 Nora: That's the pass! You're 40 minutes early, in the wrong direction 😂
13/06 10:21 Nora: I can see you. Why is Tomás waving a kettle
13/06 10:22 Nora: Never mind, come in, come in
13/06 18:12 Tomás: For the record: I did not fall out of the canoe
13/06 18:12 Tomás: The canoe left
13/06 18:14 Sami: It drifts
13/06 18:15 Nora: {green_canoe}
|The suspect, photographed this afternoon
13/06 18:16 Aiko: Look how innocent
13/06 18:20 Tomás: Next time I tie it
13/06 18:21 Sami: With rope!
13/06 18:21 Sami: From the LIST!
13/06 23:48 Aiko: Are you all still awake? I can see three lit phones in a house without wifi
13/06 23:49 Sami: Good night Aiko
13/06 23:49 Nora: Good night
13/06 23:50 Tomás: The cloud with the question mark was nice after all
14/06 08:33 Aiko: {pancakes}
|Breakfast is served, be quick
14/06 08:33 Tomás: Running
14/06 08:34 Sami: With buttermilk?
14/06 08:35 Aiko: With buttermilk, and with the berries from behind the shed
14/06 08:36 Nora: Aunt Elke says we may eat the berries but not mention the shed <This message was edited>
14/06 11:02 Nora: {song}
14/06 11:03 Nora: That is the little music box from the shelf. It still plays!
14/06 11:05 Sami: I'll have this in my head for a week
14/06 17:40 Nora: House is locked, sunflowers watered (once), key is under the third pot
14/06 17:41 Tomás: Twice
14/06 17:42 Nora: TOMÁS
14/06 20:15 Aiko: Home! Thank you Nora, that was the best weekend of the year
14/06 20:16 Sami: Home too. Found the fourth bottle of olive oil in my bag
14/06 20:17 Aiko: How
14/06 20:17 Sami: It drifts
14/06 20:18 Tomás: 😂😂😂
14/06 20:40 Nora: Missed voice call
14/06 20:41 Nora: That was my pocket, sorry. Or my pocket misses you
15/06 09:00 Nora: I asked for next year. She said: same weekend, same rent 🌻
15/06 09:01 Aiko: Yes
15/06 09:01 Sami: Yes
15/06 09:02 Tomás: I was in before you finished the sentence
"""
