"""One file for each section of Freshdesk's reference, named as the connector's are: https://developers.freshdesk.com/api/"""
