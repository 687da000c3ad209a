CALLBACK="digest_form"
async def send(sent, house):
    return None
