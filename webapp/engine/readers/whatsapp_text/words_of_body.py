# ruff: noqa: E501
"""The words WhatsApp itself writes into messages, by language.

Compared without bidirectional marks, casefolded, without a final full stop. Where a language is missing, the shape of a
line still tells most of it (`body`): these tables only sharpen it. A locale is added by adding its words here.
"""

from webapp.engine.readers.events import Kind

# A whole body (or, for documents, its end) that stands for a medium left out → its kind; None where it is not told.
OMITTED: dict[str, Kind | None] = {
    **dict.fromkeys(
        (
            "<media omitted>", "<medien ausgeschlossen>", "<médias omis>", "<multimedia omitido>", "<archivo omitido>",
            "<media omessi>", "<mídia oculta>", "<arquivo de mídia oculto>", "<ficheiro não revelado>",
            "<media weggelaten>", "<без медиафайлов>", "<média vynechány>", "<medya dahil edilmedi>", "<メディアなし>",
            "<メディアは含まれていません>", "<pominięto multimedia>", "<media utelämnat>", "<media dilewatkan>",
            "<省略多媒体文件>", "<媒體已略去>", "<미디어 파일을 생략한 대화내용>", "<تم استبعاد الوسائط>", "<मीडिया शामिल नहीं है>",
        ),
        None,
    ),
    **dict.fromkeys(
        (
            "image omitted", "bild weggelassen", "image absente", "imagen omitida", "immagine omessa", "imagem ocultada",
            "imagem não revelada", "afbeelding weggelaten", "görüntü dahil edilmedi", "لم يتم إدراج الصورة", "फ़ोटो हटाई गई",
            "画像は含まれていません", "ไม่มีรูปภาพ", "图像已忽略", "圖片已略去", "이미지 생략됨", "изображение отсутствует",
        ),
        Kind.IMAGE,
    ),
    **dict.fromkeys(
        (
            "video omitted", "video note omitted", "video message omitted", "<video note omitted>", "video weggelassen",
            "<video message omitted>", "videonachricht weggelassen", "videonotiz weggelassen", "vidéo absente",
            "<videonachricht weggelassen>", "video omitido", "video omesso", "vídeo omitido", "vídeo não revelado",
            "video weggelaten", "video dahil edilmedi", "لم يتم إدراج الفيديوهات", "वीडियो छोड़ा गया", "ビデオは含まれていません",
            "วิดีโอถูกลบ", "视频已忽略", "影片已略去", "동영상 생략됨", "видео отсутствует",
        ),
        Kind.VIDEO,
    ),
    **dict.fromkeys(
        (
            "audio omitted", "audio weggelassen", "audio omis", "audio omitido", "audio omesso", "áudio ocultado",
            "ficheiro de áudio não revelado", "audio weggelaten", "ses dahil edilmedi", "لم يتم إدراج المقاطع الصوتية",
            "ऑडियो हटाई गयी", "音声は含まれていません", "ไม่มีไฟล์เสียง", "音频已忽略", "音訊已略去", "аудиофайл отсутствует",
        ),
        Kind.AUDIO,
    ),
    **dict.fromkeys(
        (
            "gif omitted", "gif weggelassen", "gif retiré", "gif omitido", "gif esclusa", "gif não revelada",
            "gif weggelaten", "gif dahil edilmedi", "لم يتم إدراج صورة gif", "gif छोड़ा गया", "gifは含まれていません", "ละเว้น gif",
        ),
        Kind.GIF,
    ),
    **dict.fromkeys(
        (
            "sticker omitted", "sticker weggelassen", "sticker omis", "sticker omitido", "sticker non incluso",
            "figurinha omitida", "sticker não revelado", "sticker weggelaten", "çıkartma dahil edilmedi", "تم حذف الملصقات",
            "स्टिकर छोड़ा गया", "スタンプは含まれていません", "ไม่มีสติกเกอร์", "стикер отсутствует",
        ),
        Kind.STICKER,
    ),
    **dict.fromkeys(
        (
            "contact card omitted", "kontaktkarte ausgelassen", "fiche contact manquante", "tarjeta de contacto omitida",
            "scheda contatto omessa", "cartão do contato omitido", "contacto não revelado", "contactkaart weggelaten",
            "لم يتم إدراج بطاقة جهة اتصال", "कॉन्टैक्ट कार्ड छोड़ा गया", "連絡先カードを省略", "บัตรรายชื่อที่ละเว้น",
        ),
        Kind.CONTACT,
    ),
    **dict.fromkeys(
        (
            "document omitted", "dokument weggelassen", "document manquant", "documento omitido", "documento omesso",
            "documento não revelado", "document weggelaten", "belge dahil edilmedi", "لم يتم إدراج المستند",
            "डॉक्यूमेंट छोड़ा गया", "ドキュメントは含まれていません", "ละเว้นเอกสาร", "документ отсутствует",
        ),
        Kind.DOCUMENT,
    ),
}  # fmt: skip

# `<word: file>` (iOS) and `file (words)` (Android) around an attachment's name.
ATTACHED: frozenset[str] = frozenset(
    {
        "attached", "anhang", "pièce jointe", "adjunto", "allegato", "anexado", "anexo", "bijgevoegd", "прикреплено",
        "ekli", "附件", "添付ファイル", "첨부파일", "مرفق", "संलग्न", "แนบ", "đính kèm", "załącznik", "bifogad", "liite",
        "file attached", "datei angehängt", "fichier joint", "archivo adjunto", "file allegato", "arquivo anexado",
        "ficheiro anexado", "bestand bijgevoegd", "файл добавлен", "soubor byl přiložen", "dosya ekli", "ファイル添付",
        "파일 첨부됨", "文件附件", "檔案附件", "الملف مرفق", "फ़ाइल संलग्न है", "załączono plik", "bifogad fil", "file terlampir",
        "tệp đính kèm", "ไฟล์ที่แนบมา", "priložena datoteka", "tiedosto liitetty", "fil vedhæftet", "fil vedlagt",
    }
)  # fmt: skip

DELETED: dict[str, str] = {
    **dict.fromkeys(
        (
            "you deleted this message", "du hast diese nachricht gelöscht", "vous avez supprimé ce message",
            "eliminaste este mensaje", "hai eliminato questo messaggio", "você apagou esta mensagem",
            "apagou esta mensagem", "je hebt dit bericht verwijderd", "tuto zprávu jste odstranil/a",
            "أنت حذفت هذه الرسالة", "आपने यह मैसेज डिलीट किया", "このメッセージを削除しました。", "このメッセージを削除しました",
            "คุณได้ลบข้อความนี้", "вы удалили данное сообщение", "вы удалили это сообщение", "bu mesajı sildiniz",
        ),
        "self",
    ),
    **dict.fromkeys(
        (
            "this message was deleted", "message deleted", "diese nachricht wurde gelöscht", "ce message a été supprimé",
            "se eliminó este mensaje", "questo messaggio è stato eliminato", "esta mensagem foi apagada",
            "mensagem apagada", "dit bericht is verwijderd", "tato zpráva byla odstraněna", "تم حذف هذه الرسالة",
            "यह मैसेज डिलीट कर दिया गया है", "このメッセージは削除されました。", "このメッセージは削除されました", "ข้อความนี้ถูกลบแล้ว",
            "данное сообщение удалено", "сообщение удалено", "bu mesaj silindi",
        ),
        "other",
    ),
}  # fmt: skip

# What is appended to a text that was edited.
EDITED: tuple[str, ...] = (
    "<This message was edited>", "<Diese Nachricht wurde bearbeitet.>", "<Diese Nachricht wurde bearbeitet>",
    "<Ce message a été modifié>", "<Se editó este mensaje.>", "<Se editó este mensaje>", "<Editaste este mensaje>",
    "<Questo messaggio è stato modificato>", "<Mensagem editada>", "<Esta mensagem foi editada>",
    "<Dit bericht is bewerkt>", "<Данное сообщение изменено>", "<Bu mesaj düzenlendi>", "<Tato zpráva byla upravena>",
    "<تم تعديل هذه الرسالة>", "<このメッセージは編集されました>", "<此消息已编辑>", "<此訊息已編輯>",
)  # fmt: skip

LIVE_LOCATION: frozenset[str] = frozenset(
    {
        "live location shared",
        "live-standort wird geteilt",
        "localisation en direct partagée",
        "ubicación en tiempo real",
    }
)

# Beginnings of lines that the app writes in a person's name.
CALLS: tuple[str, ...] = (
    "missed voice call", "missed video call", "missed group", "voice call", "video call", "silenced voice call",
    "silenced video call", "verpasster sprachanruf", "verpasster videoanruf", "sprachanruf", "videoanruf",
    "appel vocal manqué", "appel vidéo manqué", "llamada perdida", "videollamada perdida", "llamada de voz perdida",
    "chamada de voz perdida", "chamada de vídeo perdida", "chiamata persa", "videochiamata persa",
    "gemiste spraakoproep", "gemiste video-oproep", "пропущенный аудиозвонок", "пропущенный видеозвонок",
    "zmeškaný hlasový hovor", "zmeškaný hovor", "zmeškaný videohovor", "cevapsız sesli arama", "مكالمة صوتية فائتة", "مكالمة فيديو فائتة",
    "不在着信", "未接语音通话", "未接视频通话", "未接語音通話",
)  # fmt: skip

SYSTEM: tuple[str, ...] = (
    "messages and calls are end-to-end encrypted", "messages to this chat and calls are now secured",
    "messages to this group are now secured", "messages you send to this", "your security code with",
    "this business uses a secure service", "this business is now", "this chat is with", "you're now an admin",
    "you blocked this contact", "you unblocked this contact", "disappearing messages", "you turned on disappearing",
    "you turned off disappearing", "nachrichten und anrufe sind ende-zu-ende", "deine sicherheitsnummer",
    "dein sicherheitscode", "les messages et les appels sont chiffrés", "los mensajes y las llamadas están cifrados",
    "as mensagens e chamadas são encriptadas", "as mensagens e as chamadas são protegidas",
    "i messaggi e le chiamate sono crittografati", "berichten en oproepen zijn end-to-end",
    "сообщения и звонки защищены сквозным", "zprávy a hovory jsou zabezpečeny", "الرسائل والمكالمات مشفرة",
    "मैसेजेस और कॉल्स एंड-टू-एंड", "メッセージと通話はエンドツーエンド", "ข้อความและการโทรได้รับการเข้ารหัส",
    "mesajlar ve aramalar uçtan uca", "消息和通话已进行端到端加密", "訊息和通話受端對端加密",
)  # fmt: skip

# What stands around a chat's name in the names of export files, longest first where one begins another.
TITLE_PREFIXES: tuple[str, ...] = (
    "WhatsApp Chat with ", "WhatsApp Chat - ", "WhatsApp-Chat mit ", "WhatsApp Chat mit ", "WhatsApp-Chat - ",
    "Discussion WhatsApp avec ", "Discussion WhatsApp - ", "Chat de WhatsApp con ", "Chat WhatsApp con ",
    "Chat WhatsApp - ", "Conversa do WhatsApp com ", "Conversa no WhatsApp com ", "WhatsApp-chat met ",
    "WhatsApp Chat met ", "Чат WhatsApp с контактом ", "Чат WhatsApp с ", "WhatsApp Sohbeti - ", "Chat WhatsApp s ",
    "WhatsApp ile ", "محادثة واتساب مع ", "دردشة واتساب مع ", "Czat WhatsApp z ", "WhatsAppチャット - ", "与", "與",
)  # fmt: skip
TITLE_SUFFIXES: tuple[str, ...] = (
    "とのWhatsAppチャット",
    "的WhatsApp聊天记录",
    "的 WhatsApp 聊天",
    " WhatsApp-keskustelu",
)
